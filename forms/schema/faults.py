"""What is wrong with a form, gathered instead of stopping at the first."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Literal

from engine.ports import Complaint
from forms.schema.reading import Lines, Unreadable

Component = dict[str, Any]


def name_of(component: Component) -> str:
    """How its author calls it: the label, else the key, else the id."""
    for attribute in ("label", "dateLabel", "key", "path", "id"):
        if isinstance(value := component.get(attribute), str) and value:
            return value
    return ""


class Faults:
    """Complaints about one file; `inside` switches to an included group's file and back."""

    def __init__(self, file: str, content: bytes = b"") -> None:
        self.found: list[Complaint] = []
        self._file = file
        self._lines = Lines(content)

    def __bool__(self) -> bool:
        return any(complaint.severity == "error" for complaint in self.found)

    def add(
        self,
        code: str,
        component: Component | None = None,
        severity: Literal["error", "warning"] = "error",
        **params: Any,
    ) -> None:
        """Complain about `component`, or about the whole file."""
        about = component or {}
        key = about.get("key") or about.get("path") or ""
        self.found.append(
            Complaint(
                severity=severity,
                file=self._file,
                code=code,
                line=self._lines.of(about),
                element_id=str(about.get("id", "")) or None,
                element_name=name_of(about) or None,
                params={"key": key, **params},
            )
        )

    def add_unreadable(self, error: Unreadable) -> None:
        self.found.append(
            Complaint("error", self._file, error.code, error.line, params=error.params)
        )

    @contextmanager
    def inside(self, file: str, content: bytes) -> Iterator[None]:
        """Complaints in this block are about another file."""
        outer = self._file, self._lines
        self._file, self._lines = file, Lines(content)
        try:
            yield
        finally:
            self._file, self._lines = outer
