"""A loaded `.dmn` file: what it decides, what that needs, and the decisions themselves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine.errors import NotFound, Refusal
from engine.feel.adopt import from_python
from engine.feel.decisions.functions import call_by_name
from engine.feel.decisions.graph import CompiledNode, Graph, Path, Session
from engine.feel.decisions.model import (
    BusinessKnowledge,
    Decision,
    DecisionService,
    Import,
    InputData,
)
from engine.feel.decisions.trail import MatchedRule, Reason, Step, Trail
from engine.feel.decisions.typed_text import from_text
from engine.feel.errors import FeelLimitExceeded
from engine.feel.limits import CALL_DEPTH
from engine.feel.types import ANY, Type
from engine.feel.values import Function

MAX_SEEN = 10_000
"""Elements below one decision, counted once for every way of imports that leads to them."""


@dataclass(frozen=True, slots=True)
class DecisionResult:
    """The value of a decision; why nulls are null; the rules that matched, in order of evaluation.

    `trace` is empty unless it was asked for.
    """

    value: Any
    matched_rules: tuple[MatchedRule, ...]
    reasons: tuple[Reason, ...]
    trace: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class RequiredInput:
    """An input of a decision. `path`: the names of the imports that it is given under."""

    name: str
    path: tuple[str, ...]
    type: Type


class DecisionModel:
    """One model and those it imports. Immutable and free of state: one serves every thread."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self.namespace = graph.definitions.namespace
        self.name = graph.definitions.name
        self._invocable = _by_id_and_name(graph)

    @property
    def decisions(self) -> tuple[Decision, ...]:
        """The decisions of this file, in its order."""
        nodes = self._graph.definitions.nodes.values()
        return tuple(node for node in nodes if isinstance(node, Decision))

    @property
    def imports(self) -> tuple[Import, ...]:
        return self._graph.definitions.imports

    @property
    def problems(self) -> tuple[Refusal, ...]:
        """Texts that are not FEEL, types that do not exist: to be mended before deployment."""
        return tuple(self._graph.all_problems())

    def evaluate(
        self,
        decision: str,
        context: Mapping[str, Any],
        *,
        now: datetime | None = None,
        trace: bool = False,
    ) -> DecisionResult:
        """The decision (or decision service, or business knowledge) of that id or name.

        `context` holds FEEL (or plain Python) values by name; the inputs of an imported
        model stand in a context under the import's name, or among the others. `now` is the
        aware instant that FEEL's now() answers.
        Raises `NotFound` for an unknown decision, `Refusal` where a text that is needed is
        no FEEL, `FeelLimitExceeded` where it would cost too much.
        """
        compiled = self._find(decision)
        trail = Trail(now, traced=trace)
        session = Session(from_python(context), trail)
        try:
            value = compiled.value(session)
            if not isinstance(compiled.node, Decision):
                value = _call(compiled, value, session)
        except RecursionError:
            raise FeelLimitExceeded("feel.limit.calls", limit=CALL_DEPTH) from None
        steps = tuple(trail.steps or ())
        return DecisionResult(value, tuple(trail.matched), tuple(trail.reasons), steps)

    def required_inputs(self, decision: str) -> tuple[RequiredInput, ...]:
        """What must be given for the decision, directly or for others that it rests on.

        Input data with their types, and variables that expressions read though no input
        data declares them, as in Camunda's files.
        """
        found: dict[RequiredInput, None] = {}
        for path, compiled in _below(self._find(decision)):
            under = tuple(filter(None, path))
            if isinstance(compiled.node, InputData):
                found[RequiredInput(compiled.node.variable.name, under, compiled.shape)] = None
            for name in sorted(compiled.reads):
                found[RequiredInput(name, under, ANY)] = None
        return tuple(found)

    def typed(self, decision: str, values: Mapping[str, Any]) -> dict[str, Any]:
        """JSON's `values` as FEEL values: text becomes a date, time or duration where the
        decision's inputs are declared so. Raises `NotFound` for an unknown decision.
        """
        context = dict(values)
        for one in self.required_inputs(decision):
            _type_at(context, (*one.path, one.name), one.type)
        return context

    def _find(self, decision: str) -> CompiledNode:
        if decision not in self._invocable:
            known = [one.variable.name for one in self.decisions]
            raise NotFound("dmn.decision_unknown", found=decision, expected=known, model=self.name)
        return self._invocable[decision]


def _by_id_and_name(graph: Graph) -> dict[str, CompiledNode]:
    """Ids before names, decisions before services before business knowledge."""
    found: dict[str, CompiledNode] = {}
    for kind in (Decision, DecisionService, BusinessKnowledge):
        nodes = [one for one in graph.nodes.values() if isinstance(one.node, kind)]
        for one in nodes:
            found.setdefault(one.node.id, one)
        for one in nodes:
            found.setdefault(one.node.variable.name, one)
            found.setdefault(one.node.place.name or one.node.id, one)
    return found


def _call(compiled: CompiledNode, function: Any, session: Session) -> Any:
    """A service or business knowledge asked directly: its parameters come from the context."""
    if not isinstance(function, Function):
        return None
    arguments = {name: session.given.get(name) for name in function.parameters}
    return call_by_name(function, arguments, compiled.node.place, session.trail)


def _type_at(context: dict[str, Any], path: Path, wanted: Type) -> None:
    """Give the value at `path` its type, the contexts on the way copied before they change."""
    for step in path[:-1]:
        below = context.get(step)
        if not isinstance(below, dict):
            return
        context[step] = dict(below)
        context = context[step]
    if path[-1] in context:
        context[path[-1]] = from_text(context[path[-1]], wanted)


def _below(top: CompiledNode) -> Iterator[tuple[Path, CompiledNode]]:
    """Each element once, however many ways lead to it. A service that is called has its own."""
    waiting: list[tuple[Path, CompiledNode]] = [((), top)]
    seen: set[tuple[Path, int]] = set()
    while waiting:
        path, compiled = waiting.pop(0)
        if (path, id(compiled)) in seen:
            continue
        seen.add((path, id(compiled)))
        if len(seen) > MAX_SEEN:
            raise FeelLimitExceeded("feel.limit.list", limit=MAX_SEEN)
        yield path, compiled
        if compiled is top or not isinstance(compiled.node, DecisionService):
            waiting += [((*path, *one.path), one.node) for one in compiled.requirements]
