"""The decision requirement graph of one model, compiled (DMN 1.5 chapter 6 and 10.4).

A node sees what it requires and nothing else. Values are computed on demand and once
for each evaluation; a model that is imported under two names is evaluated once for each.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.errors import Refusal
from engine.feel.decisions.boxed import BoxedCompiler
from engine.feel.decisions.conversions import Conversion, completed
from engine.feel.decisions.expressions import Expressions, Names
from engine.feel.decisions.functions import Signature
from engine.feel.decisions.items import ItemTypes
from engine.feel.decisions.model import (
    BusinessKnowledge,
    Decision,
    DecisionService,
    Definitions,
    InputData,
    Node,
    Reference,
)
from engine.feel.decisions.tables import Evaluate, Scope
from engine.feel.decisions.trail import Step, Trail
from engine.feel.types import Type
from engine.feel.values import Function

Path = tuple[str, ...]
MAX_DEPTH = 60
"""How many requirements may follow one another."""
STEPS_PER_SESSION = 100
"""What each use of an imported model costs of FEEL's budget: uses may multiply."""


class Session:
    """The values of one model during one evaluation: what was given, what is known by now."""

    __slots__ = ("children", "given", "importer", "known", "trail")

    def __init__(
        self, given: Mapping[str, Any], trail: Trail, importer: Session | None = None
    ) -> None:
        self.given = given
        self.trail = trail
        self.importer = importer
        self.known: dict[str, Any] = {}
        self.children: dict[str, Session] = {}

    def at(self, path: Path) -> Session:
        """The session of the model imported along `path`; its inputs are given under its name."""
        if not path:
            return self
        name = path[0]
        if name not in self.children:
            self.trail.run.spend(STEPS_PER_SESSION)
            below = self.given.get(name) if name else self.given
            given = below if isinstance(below, Mapping) else {}
            self.children[name] = Session(given, self.trail, self)
        return self.children[name].at(path[1:])

    def variable(self, name: str) -> Any:
        """A variable that was given: to this model, else to those that import it."""
        if name in self.given or self.importer is None:
            return self.given.get(name)
        return self.importer.variable(name)


@dataclass(frozen=True, slots=True)
class Requirement:
    """An element that is required: where it lives and the names its value is seen under."""

    path: Path
    names: tuple[str, ...]
    node: CompiledNode

    def place_in(self, scope: Scope, session: Session) -> None:
        value = self.node.value(session.at(self.path))
        target = scope
        for step in filter(None, self.path):
            inner = target.get(step)
            target[step] = dict(inner) if isinstance(inner, dict) else {}
            target = target[step]
        for name in self.names:
            target[name] = value


class CompiledNode:
    """A node of the graph; its value in a session is computed once."""

    __slots__ = ("compute", "node", "reads", "requirements", "shape")

    def __init__(self, node: Node, shape: Type) -> None:
        self.node = node
        self.shape = shape
        self.requirements: tuple[Requirement, ...] = ()
        self.reads: frozenset[str] = frozenset()
        self.compute: Callable[[Session], Any] = _nothing

    def value(self, session: Session) -> Any:
        known = session.known
        if self.node.id not in known:
            known[self.node.id] = self.compute(session)
        return known[self.node.id]


def _nothing(_session: Session) -> None:
    """Replaced as soon as the node is compiled."""


@dataclass
class Graph:
    """The nodes of one model, and the graphs of the models it imports by their names."""

    definitions: Definitions
    imports: Mapping[str, Graph]
    functions: Mapping[str, Function]
    nodes: dict[str, CompiledNode] = field(default_factory=dict)
    problems: list[Refusal] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.items: ItemTypes = ItemTypes(
            self.definitions, {name: graph.items for name, graph in self.imports.items()}
        )
        self.expressions = Expressions(self.items, self.functions, self.problems)
        self.boxed = BoxedCompiler(self.expressions)
        inputs = [n for n in self.definitions.nodes.values() if isinstance(n, InputData)]
        self.declared = {*self.imports, *(one.variable.name for one in inputs)}
        self.nodes = {
            id_: CompiledNode(node, self.items.shape(node.variable.type))
            for id_, node in self.definitions.nodes.items()
        }
        for compiled in self.nodes.values():
            compiled.requirements = tuple(self._requirements(compiled.node))
        _check_cycles(self.nodes.values())
        for compiled in self.nodes.values():
            self.expressions.reads = set()
            compiled.compute = self._compile(compiled)
            compiled.reads = frozenset(self.expressions.reads)

    def all_problems(self) -> Iterator[Refusal]:
        """Of this model and of every model it imports, each once."""
        waiting, seen = [self], set[int]()
        while waiting:
            graph = waiting.pop(0)
            if id(graph) not in seen:
                seen.add(id(graph))
                yield from graph.problems
                waiting += graph.imports.values()

    # -- requirements -----------------------------------------------------------------------

    def find(self, reference: Reference) -> tuple[Path, CompiledNode]:
        """Raises `Refusal` when nothing has the id that the reference points at."""
        for path, graph in self._homes(reference.namespace):
            if reference.id in graph.nodes:
                return path, graph.nodes[reference.id]
        raise Refusal("dmn.reference", **reference.place.params(), found=reference.id)

    def _homes(self, namespace: str | None) -> Iterable[tuple[Path, Graph]]:
        """The graphs of a namespace, the nearest import first, each once."""
        seen: set[int] = set()
        if namespace in (None, self.definitions.namespace):
            yield (), self
        level: list[tuple[Path, Graph]] = [((), self)]
        while level:
            level = [
                ((*path, name), graph)
                for path, parent in level
                for name, graph in parent.imports.items()
                if id(graph) not in seen
            ]
            seen.update(id(graph) for _, graph in level)
            yield from (home for home in level if home[1].definitions.namespace == namespace)

    def _requirements(self, node: Node) -> Iterable[Requirement]:
        found = [self.find(reference) for reference in _references(node)]
        proper = {compiled.node.variable.name for _, compiled in found}
        for path, compiled in found:
            aliases = compiled.node.aliases if isinstance(compiled.node, Decision) else ()
            free = (alias for alias in aliases if alias not in proper)
            yield Requirement(path, (compiled.node.variable.name, *free), compiled)

    # -- nodes ------------------------------------------------------------------------------

    def _compile(self, compiled: CompiledNode) -> Callable[[Session], Any]:
        match compiled.node:
            case InputData() as node:
                return self._input(node)
            case Decision() as node:
                return self._decision(node, compiled.requirements)
            case BusinessKnowledge() as node:
                return self._knowledge(node, compiled.requirements)
            case DecisionService() as node:
                return self._service(node)

    def _names(self, requirements: Iterable[Requirement]) -> Names:
        """Every name in scope, the steps to an imported element among them."""
        found: set[str] = set()
        for requirement in requirements:
            found.update(filter(None, requirement.path), requirement.names)
        return frozenset(found)

    def _conversion(self, node: Node) -> Conversion:
        return self.expressions.conversion(node.variable, node.place)

    def _input(self, node: InputData) -> Callable[[Session], Any]:
        name, conform = node.variable.name, self._conversion(node)
        title = node.place.name or name
        shape = self.items.shape(node.variable.type)

        def compute(session: Session) -> Any:
            value = session.variable(name)
            if value is None and title != name:
                value = session.variable(title)
            return conform(completed(value, shape), session.trail)

        return compute

    def scope(self, requirements: Iterable[Requirement], session: Session) -> Scope:
        """What is required, above the variables that the model does not declare as its own."""
        declared = self.declared
        scope = {name: value for name, value in session.given.items() if name not in declared}
        for requirement in requirements:
            requirement.place_in(scope, session)
        return scope

    def _decision(
        self, node: Decision, requirements: tuple[Requirement, ...]
    ) -> Callable[[Session], Any]:
        names = self._names(requirements)
        evaluate: Evaluate = self.boxed.compile(node.logic, names)
        conform = self._conversion(node)
        if node.logic is None:
            # Made outside the model: its value may be given, as an input's is.
            return lambda s: conform(s.variable(node.variable.name), s.trail)

        def compute(session: Session) -> Any:
            scope = self.scope(requirements, session)
            value = conform(evaluate(scope, session.trail), session.trail)
            if session.trail.steps is not None:
                inputs = {name: scope[name] for name in sorted(names & scope.keys())}
                session.trail.steps.append(Step(node.place, inputs, value))
            return value

        return compute

    def _knowledge(
        self, node: BusinessKnowledge, requirements: tuple[Requirement, ...]
    ) -> Callable[[Session], Any]:
        if node.logic is None:
            return _nothing
        define = self.boxed.function(node.logic, self._names(requirements), node.variable)
        return lambda session: define(self.scope(requirements, session), session.trail)

    # -- decision services ------------------------------------------------------------------

    def _service(self, node: DecisionService) -> Callable[[Session], Any]:
        """A function of the input data and then the input decisions (DMN 1.5, 10.4)."""
        wanted = [self.find(reference) for reference in (*node.inputs, *node.input_decisions)]
        outputs = [self.find(reference) for reference in node.outputs]
        signature = Signature(
            node.variable.name,
            tuple(self._conversion(compiled.node) for _, compiled in wanted),
            self.expressions.result_conversion(node.variable, node.place),
            node.place,
        )

        def compute(session: Session) -> Function:
            def call(arguments: dict[str, Any]) -> Any:
                inner = Session({}, session.trail)
                for path, compiled in wanted:
                    value = arguments[compiled.node.variable.name]
                    inner.at(path).known[compiled.node.id] = value
                return _collect(outputs, inner)

            return signature.function(call, session.trail)

        return compute


def _references(node: Node) -> tuple[Reference, ...]:
    """What must be known before `node`; a service, too, needs its output decisions."""
    match node:
        case Decision():
            return (*node.inputs, *node.decisions, *node.knowledge)
        case BusinessKnowledge():
            return node.knowledge
        case DecisionService():
            return node.outputs
        case InputData():
            return ()


def _collect(outputs: list[tuple[Path, CompiledNode]], session: Session) -> Any:
    """One output decision: its value; several: a context by their names."""
    values = {
        compiled.node.variable.name: compiled.value(session.at(path)) for path, compiled in outputs
    }
    return next(iter(values.values())) if len(outputs) == 1 else values


def _check_cycles(nodes: Iterable[CompiledNode]) -> None:
    """Raises `Refusal` where an element requires itself, or the chain is longer than allowed."""
    finished: dict[int, int] = {}
    for node in nodes:
        _depth(node, finished, ())


def _depth(node: CompiledNode, finished: dict[int, int], path: tuple[int, ...]) -> int:
    if id(node) in finished:
        return finished[id(node)]
    if id(node) in path:
        raise Refusal("dmn.cycle", **node.node.place.params())
    if len(path) >= MAX_DEPTH:
        raise Refusal("dmn.too_deep", **node.node.place.params(), expected=MAX_DEPTH)
    below = (*path, id(node))
    depths = [_depth(one.node, finished, below) for one in node.requirements]
    finished[id(node)] = 1 + max(depths, default=0)
    return finished[id(node)]
