"""`/engine-rest`: the REST dialect of Camunda Platform 7, for programs. See docs/rest.md."""

from web.rest.application import PATH, mount

__all__ = ["PATH", "mount"]
