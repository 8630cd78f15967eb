"""The data beside the norms that tracing needs: actors, declared bearers, what stays outside."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.errors import Refusal
from engine.ports import Complaint
from engine.timing.norms import Norms
from web.rehearsal import lines
from web.rehearsal.cast import AGENCIES

ACTORS, BEARERS, OUTSIDE = "actors.yaml", "bearers.yaml", "outside.yaml"
KINDS = ("permission", "report", "topic", "page", "security")


@dataclass(frozen=True, slots=True)
class Doers:
    """Who acts where the catalogue names an actor. No roles: whoever belongs to the agencies."""

    roles: frozenset[str] = frozenset()
    agencies: frozenset[str] = frozenset()
    """Aliases of scenarios (web/rehearsal/cast.py)."""

    def are(self, role: str, agency: str) -> bool:
        """Whether a person with this role, of this agency, is one of them."""
        return role in self.roles if self.roles else agency in self.agencies


@dataclass(frozen=True, slots=True)
class Declared:
    """A bearer that no file of a procedure can name: a permission, a report, a page."""

    id: str
    kind: str
    name: str
    place: str
    """The code or the page."""
    clauses: tuple[str, ...]
    test: str
    """The test that proves it where no scenario can; empty: scenarios do."""
    line: int


@dataclass(frozen=True, slots=True)
class TraceData:
    """What the three files say. `complaints`: what is wrong in them."""

    actors: Mapping[str, Doers]
    declared: tuple[Declared, ...]
    outside: Mapping[str, str]
    """Row of the catalogue → why it is not the software's to do."""
    complaints: tuple[Complaint, ...]


def read_data(folder: Path, norms: Norms, code: Path | None = None) -> TraceData:
    """`folder`: workflows/norms; `code`: where the tests stand that are named, if they are there.

    Raises `Refusal` data.not_yaml for a file that is none.
    """
    reader = _Reader(folder, norms, code)
    return TraceData(
        {name: reader.doers(row) for name, row in reader.table(ACTORS, "actors")},
        tuple(reader.declared(row) for row in reader.listed(BEARERS, "bearers")),
        dict(reader.outside(row) for row in reader.listed(OUTSIDE, "outside")),
        tuple(reader.complaints),
    )


class _Reader:
    """Reads row by row and notes what is wrong."""

    def __init__(self, folder: Path, norms: Norms, code: Path | None) -> None:
        self.folder, self.norms, self.code = folder, norms, code
        self.complaints: list[Complaint] = []
        self.file = ""

    def complain(self, line: int, code: str, **params: Any) -> None:
        self.complaints.append(Complaint("error", f"norms/{self.file}", code, line, params=params))

    def _content(self, file: str, key: str) -> Any:
        self.file = file
        path = self.folder / file
        if not path.is_file():
            return None
        found = lines.read(f"norms/{file}", path.read_bytes())
        if not isinstance(found, lines.Mapping) or key not in found:
            raise Refusal("trace.shape", file=f"norms/{file}", key=key)
        return found[key]

    def table(self, file: str, key: str) -> list[tuple[str, lines.Mapping]]:
        """The rows under names."""
        found = self._content(file, key)
        rows = found.items() if isinstance(found, lines.Mapping) else ()
        return [(name, row) for name, row in rows if isinstance(row, lines.Mapping)]

    def listed(self, file: str, key: str) -> list[lines.Mapping]:
        """The rows of a list."""
        found = self._content(file, key)
        return [row for row in found or () if isinstance(row, lines.Mapping)]

    def doers(self, row: lines.Mapping) -> Doers:
        roles, agencies = row.get("roles", []), row.get("agencies", [])
        for role in roles:
            if role not in self.norms.roles:
                self.complain(row.line, "trace.role_unknown", found=role)
        for agency in agencies:
            if agency not in AGENCIES:
                self.complain(row.line, "trace.agency_unknown", found=agency)
        return Doers(frozenset(roles), frozenset(agencies))

    def declared(self, row: lines.Mapping) -> Declared:
        clauses = tuple(map(str, row.get("clauses", [])))
        for clause in clauses:
            self._row_exists(row.line, clause)
        kind, test = str(row.get("kind", "")), str(row.get("test", ""))
        if kind not in KINDS:
            self.complain(row.line, "trace.kind_unknown", found=kind, expected=list(KINDS))
        if test and self.code is not None and not _test_exists(self.code, test):
            self.complain(row.line, "trace.test_missing", found=test)
        words = [str(row.get(word, "")) for word in ("id", "name", "place")]
        return Declared(words[0], kind, words[1], words[2], clauses, test, row.line)

    def outside(self, row: lines.Mapping) -> tuple[str, str]:
        clause, reason = str(row.get("id", "")), str(row.get("reason") or "").strip()
        self._row_exists(row.line, clause)
        if not reason:
            self.complain(row.line, "trace.no_reason", found=clause)
        return clause, reason

    def _row_exists(self, line: int, clause: str) -> None:
        if clause not in self.norms.obligations:
            self.complain(line, "trace.row_unknown", found=clause)


def _test_exists(code: Path, test: str) -> bool:
    """`tests/web/test_x.py::test_y`."""
    file, _, name = test.partition("::")
    path = code / file
    return path.is_file() and f"def {name.partition('[')[0]}(" in path.read_text(encoding="utf-8")
