"""What a running execution sees of the engine: functions, topics, called processes, decisions."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from functools import partial
from typing import Any

from sqlalchemy import select

from engine.bpmn.faults import Fault
from engine.bpmn.journal import ComputedPeriod
from engine.bpmn.model import Node
from engine.bpmn.process import ProcessSpec
from engine.definitions import latest
from engine.errors import NotFound
from engine.feel import from_python, to_python
from engine.feel.values import Function
from engine.liaisons import responsible_units
from engine.store.models import ProcessDefinition, ProcessInstance
from engine.store.unit_of_work import Unit
from engine.timing.zone import at


class StatutoryFunctions:
    """`due` and `working_days` of FEEL, under one profile and one version of the norms."""

    def __init__(self, unit: Unit, profile: str, norms_version: str) -> None:
        self._unit = unit
        self._profile = profile
        self._norms_version = norms_version
        self.computed: list[ComputedPeriod] = []
        """Every period that an expression asked for, until somebody clears it."""

    def functions(self) -> dict[str, Any]:
        """By the names expressions call them."""
        return {
            "due": Function("due", ("timer", "from", "amount"), self._due, optional=1),
            "working_days": Function("working_days", ("n", "from"), self._working_days),
        }

    def _due(self, timer: Any, start: Any, amount: Any = None) -> Any:
        """`due("T-PER-2H", notified_at)`: the absolute end, null where the profile has none.

        `amount` is a number, or the day until which an instrument says that the period runs.
        """
        begins = _instant(to_python(start))
        if begins is None:
            return None
        norms = self._unit.engine.statutes.version(self._unit.session, self._norms_version)
        stated = to_python(amount)
        until = stated if isinstance(stated, date) else None
        n = None if amount is None or until else int(amount)
        period = norms.due(str(timer), self._profile, begins, n=n, until=until)
        if period is None:
            return None
        self.computed.append(ComputedPeriod(str(timer), begins, period))
        return None if period.due is None else from_python(period.due)

    def _working_days(self, n: Any, start: Any) -> Any:
        """`working_days(3, today())`: the end of the n-th working day after the start's day."""
        norms = self._unit.engine.statutes.current
        period = norms.compute("PR-WD", int(n), to_python(start))
        return None if period.due is None else from_python(period.due)


class InstanceHost:
    """The surroundings of one instance during one unit of work."""

    def __init__(self, unit: Unit, instance: ProcessInstance) -> None:
        self.unit = unit
        self.instance = instance
        law = StatutoryFunctions(unit, instance.profile, instance.norms_version)
        self.computed = law.computed
        self._names = {
            "own_agency": instance.agency_id,
            "profile": instance.profile,
            "request_no": instance.business_key,
            "responsible_unit": Function("responsible_unit", ("matter",), self._responsible),
            "responsible_units": Function("responsible_units", ("matter",), self._responsible_all),
            **law.functions(),
        }

    def functions(self) -> Mapping[str, Any]:
        return self._names

    def _responsible(self, matter: Any) -> Any:
        """`responsible_unit("司法拘留")`: the one unit that the agency's directory names today;
        null where it names none, or several (every station for its own area)."""
        units = self._responsible_all(matter)
        return units[0] if len(units) == 1 else None

    def _responsible_all(self, matter: Any) -> list[str]:
        """`responsible_units("暴力抗法")`: every unit that it names today."""
        agency, now = self.instance.agency_id, self.unit.now
        return responsible_units(self.unit.session, agency, str(to_python(matter)), now)

    # other definitions ----------------------------------------------------------------

    def topic(self, name: str) -> Any:
        found = self.unit.engine.topics.get(name)
        return None if found is None else partial(found, self.unit, self.instance)

    def process(self, definition_id: str) -> ProcessSpec:
        return self.unit.engine.definitions.process(self.unit.session, definition_id)

    def called_process(self, key: str, node: Node) -> ProcessSpec:
        """By camunda:calledElementBinding: latest, deployment or version."""
        binding = node.camunda.get("calledElementBinding", "latest")
        found = self._bound(key, binding, node)
        if found is None:
            raise Fault("bpmn.called_process_unknown", element=node.id, called=key, binding=binding)
        return self.process(found.id)

    def _bound(self, key: str, binding: str, node: Node) -> ProcessDefinition | None:
        session = self.unit.session
        if binding == "latest":
            return latest(session, key)
        query = select(ProcessDefinition).where(ProcessDefinition.key == key)
        if binding == "version":
            version = int(node.camunda.get("calledElementVersion", "0"))
            return session.scalars(query.where(ProcessDefinition.version == version)).first()
        own = self.unit.engine.definitions.row(session, self.instance.definition_id)
        same = ProcessDefinition.deployment_id == own.deployment_id
        return session.scalars(query.where(same)).first()

    def decide(
        self, reference: str, context: Mapping[str, Any], node: Node, definition_id: str
    ) -> list[dict[str, Any]]:
        """Rows of results of a decision table; one row for any other kind of decision."""
        definitions = self.unit.engine.definitions
        try:
            model = definitions.decision(self.unit.session, definition_id, reference)
        except NotFound as problem:
            raise Fault(problem.code, element=node.id, decision=reference) from problem
        found = model.evaluate(reference, dict(context), now=self.unit.now)
        return _rows(found.value)


def _rows(value: Any) -> list[dict[str, Any]]:
    if value is None:
        return []
    values = value if isinstance(value, list) else [value]
    return [row if isinstance(row, dict) else {"result": row} for row in values]


def _instant(fact: Any) -> datetime | None:
    """The instant of a start fact; one that is known by its day begins with the day."""
    if isinstance(fact, date) and not isinstance(fact, datetime):
        return at(fact, time())
    found: datetime | None = fact
    return found
