"""The norms as data: periods of each profile, clauses, obligations, citations, calendar.

`Norms.load(folder)` reads `workflows/norms`, `Norms.read(resources)` the same files by name from
wherever they were deployed. Every reference between the files is checked while reading.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

from engine.errors import NotFound, Refusal
from engine.timing import ladder as ladders
from engine.timing.calendar import WorkingCalendar
from engine.timing.citations import Citation
from engine.timing.norm_files import Tables, read_tables
from engine.timing.norm_rows import Clause, Obligation, Profile, StatutoryPeriod
from engine.timing.periods import Period, compute
from engine.timing.rules import Switches
from engine.timing.zone import end_of_day, local

_NO_LEAVE = timedelta(0)


class Norms:
    """What the deployed norms say, by date and profile. A value: share it between threads."""

    def __init__(self, tables: Tables, sha256: str) -> None:
        self._tables = tables
        self.sha256 = sha256
        self.version = sha256[:12]

    @classmethod
    def load(cls, folder: Path) -> Norms:
        """Read a folder. Raises Refusal `norm.*`, `calendar.*`, `data.not_yaml`."""
        found = sorted(path for path in folder.rglob("*.yaml"))
        return cls.read({path.relative_to(folder).as_posix(): path.read_bytes() for path in found})

    @classmethod
    def read(cls, resources: Mapping[str, bytes]) -> Norms:
        """Read the files by name (`periods.yaml`, `calendar/2026.yaml`, …). Raises as `load`."""
        digest = hashlib.sha256()
        for name in sorted(resources):
            digest.update(name.encode() + b"\0" + resources[name] + b"\0")
        return cls(read_tables(resources), digest.hexdigest())

    def with_calendar(self, calendar: WorkingCalendar) -> Norms:
        """The same norms counting with another calendar, for instance one with imported years."""
        return Norms(replace(self._tables, calendar=calendar), self.sha256)

    @property
    def calendar(self) -> WorkingCalendar:
        return self._tables.calendar

    @property
    def profiles(self) -> Mapping[str, Profile]:
        return self._tables.profiles

    @property
    def periods(self) -> Mapping[str, StatutoryPeriod]:
        return self._tables.periods

    @property
    def clauses(self) -> Mapping[str, Clause]:
        return self._tables.clauses

    @property
    def obligations(self) -> Mapping[str, Obligation]:
        return self._tables.obligations

    @property
    def roles(self) -> Mapping[str, str]:
        """Role code → Chinese name."""
        return self._tables.roles

    @property
    def unacknowledged(self) -> ladders.Unacknowledged:
        """Who is told next when an urgent message is not acknowledged (A6 C-11)."""
        return self._tables.unacknowledged

    def has_clause(self, id_: str) -> bool:
        """Whether `legal.clause` may name it: a clause, a row of the catalogue or a citation."""
        tables = self._tables
        return id_ in tables.obligations or id_ in tables.clauses or id_ in tables.citations

    def clause(self, id_: str) -> Clause:
        """The paragraph that a clause id or a catalogue row names.

        Raises NotFound `norm.clause_unknown`.
        """
        if id_ in self._tables.obligations:
            return self._tables.obligations[id_].clause
        if id_ not in self._tables.clauses:
            raise NotFound("norm.clause_unknown", found=id_)
        return self._tables.clauses[id_]

    def obligation(self, id_: str) -> Obligation:
        """A row of the catalogue. Raises NotFound `norm.obligation_unknown`."""
        if id_ not in self._tables.obligations:
            raise NotFound("norm.obligation_unknown", found=id_)
        return self._tables.obligations[id_]

    def cite(self, subject: str, on: date) -> Citation:
        """How a subject (citation id or its Chinese name) is cited on a date.

        Raises NotFound `citation.unknown`, Refusal `citation.not_in_force`.
        """
        return self._tables.citations.cite(subject, on)

    def profile(self, id_: str) -> Profile:
        """Raises NotFound `norm.profile_unknown`."""
        if id_ not in self._tables.profiles:
            expected = ", ".join(self._tables.profiles)
            raise NotFound("norm.profile_unknown", found=id_, expected=expected)
        return self._tables.profiles[id_]

    def period(self, timer: str, profile: str, on: date) -> StatutoryPeriod | None:
        """The row of a timer, or None where the profile has no such limit on that date.

        Raises NotFound `norm.period_unknown`, `norm.profile_unknown`.
        """
        row = self._tables.periods.get(timer)
        if row is None:
            raise NotFound("norm.period_unknown", found=timer)
        self.profile(profile)
        return row if profile in row.profiles and row.in_force(on) else None

    def compute(
        self,
        rule: str,
        n: int | None,
        start: datetime,
        *,
        switches: Switches | None = None,
        leave: timedelta = _NO_LEAVE,
    ) -> Period:
        """`periods.compute` with this calendar and the rule's own articles at the start's date."""
        found = compute(
            rule, n, start, calendar=self.calendar, switches=switches or Switches(), leave=leave
        )
        return replace(found, basis=self._basis(self._tables.rule_basis[rule], found))

    def due(
        self,
        timer: str,
        profile: str,
        start: datetime,
        *,
        n: int | None = None,
        until: date | None = None,
        written_days: int | None = None,
        leave: timedelta = _NO_LEAVE,
    ) -> Period | None:
        """The period of a timer that starts at `start`; None where the profile has no such limit.

        `n` chooses an amount up to the row's `most` (detention 1 … 15 days); `until` is the end
        date that an instrument states; `written_days` is the number in a notice, the earlier end
        counts. Raises as `period` and `compute`, and Refusal `period.amount`, `period.until`.
        """
        row = self.period(timer, profile, local(start).date())
        if row is None:
            return None
        counting = _Counting(self, row, self.profile(profile), leave)
        if until is not None:
            return counting.until(start, until)
        found = counting.amount(start, n)
        if written_days is None:
            return found
        return counting.earlier(found, written_days)

    def alarms(self, period: Period) -> tuple[ladders.Alarm, ...]:
        """Reminders, levels and the repeated alarm of a period computed by `due`."""
        found = self.ladder(period.timer) if period.timer else None
        return ladders.alarms(found, period) if found else ()

    def ladder(self, timer: str) -> ladders.Ladder | None:
        """The ladder of a timer; None where nothing becomes overdue. Raises NotFound."""
        if timer not in self._tables.periods:
            raise NotFound("norm.period_unknown", found=timer)
        name = self._tables.periods[timer].ladder
        return self._tables.ladders[name] if name else None

    def _basis(self, ids: tuple[str, ...], period: Period) -> tuple[Citation, ...]:
        return self._tables.citations.in_force(ids, local(period.start).date())

    def basis_of(self, row: StatutoryPeriod, profile: str, period: Period) -> tuple[Citation, ...]:
        """What is printed after 依据: the profile's own clause, the law of the duty, the law of the
        counting.
        """
        clauses = (self.clause(id_) for id_ in row.clauses)
        own = [clause.citation for clause in clauses if clause.document.profile == profile]
        counting = row.counting or self._tables.rule_basis[period.rule]
        return (*own[:1], *self._basis((*row.citations, *counting), period))


class _Counting:
    """One row being counted for one profile."""

    def __init__(
        self, norms: Norms, row: StatutoryPeriod, profile: Profile, leave: timedelta
    ) -> None:
        self.norms, self.row, self.profile, self.leave = norms, row, profile, leave

    def amount(self, start: datetime, n: int | None) -> Period:
        row = self.row
        chosen = row.amount if n is None else n
        if chosen != row.amount and not 1 <= (chosen or 0) <= (row.most or 0):
            raise self.too_much(chosen, row.most)
        rule = row.rule
        # Only limits between the agencies may run from the next hour, never limits on liberty.
        if row.between_agencies and self.profile.switches.hours_from_next_hour:
            rule = "PR-HN"
        return self.finished(self.counted(rule, chosen, start, self.leave))

    def until(self, start: datetime, until: date) -> Period:
        latest = self.counted(self.row.rule, self.row.most, start, _NO_LEAVE)
        first, last = local(start).date(), latest.last_day
        if self.row.until is None or last is None or not first <= until <= last:
            expected = f"{first}–{last}" if self.row.until else "–"
            raise Refusal(
                "period.until", timer=self.row.id, expected=expected, found=until.isoformat()
            )
        stated = replace(latest, n=None, until=until, last_day=until, due=end_of_day(until))
        return self.finished(stated)

    def earlier(self, found: Period, written_days: int) -> Period:
        row = self.row
        if row.written_rule is None or not 1 <= written_days <= (row.written_most or 0):
            raise self.too_much(written_days, row.written_most)
        written = self.counted(row.written_rule, written_days, found.start, _NO_LEAVE)
        earlier = written.due and found.due and written.due < found.due
        return self.finished(written) if earlier else found

    def counted(self, rule: str, n: int | None, start: datetime, leave: timedelta) -> Period:
        switches = self.profile.switches
        calendar = self.norms.calendar
        return compute(rule, n, start, calendar=calendar, switches=switches, leave=leave)

    def finished(self, period: Period) -> Period:
        basis = self.norms.basis_of(self.row, self.profile.id, period)
        advisory = self.advisory(period)
        return replace(period, timer=self.row.id, basis=basis, advisory=advisory)

    def advisory(self, period: Period) -> datetime | None:
        found = self.row.advisory
        if found is None or self.profile.id not in found.profiles:
            return None
        if found.elapsed:
            return period.start + found.elapsed
        return self.counted("PR-WD", found.working_days, period.start, _NO_LEAVE).due

    def too_much(self, found: int | None, most: int | None) -> Refusal:
        expected = f"1–{most}" if most else "–"
        return Refusal("period.amount", timer=self.row.id, found=found, expected=expected)
