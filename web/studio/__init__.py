"""The analysts' door: procedures drawn, checked, rehearsed and published in the browser."""

from web.studio import changes, comparing, editing, listing, trying
from web.studio.blueprint import pages

__all__ = ["changes", "comparing", "editing", "listing", "pages", "trying"]
