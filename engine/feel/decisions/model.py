"""What a `.dmn` file says, as frozen data: no behaviour, every part knows its place in the file.

Names follow the DMN 1.5 metamodel (chapters 6 to 8 and 10.2) so that the specification
can be read beside it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum


@dataclass(frozen=True, slots=True)
class Place:
    """Where an element stands: what a complaint needs to point at it."""

    file: str
    line: int | None
    element: str
    id: str | None
    name: str | None

    def params(self) -> dict[str, object]:
        """The parameters every complaint about this element carries."""
        return {
            "file": self.file,
            "line": self.line,
            "element": self.element,
            "id": self.id,
            "name": self.name,
        }


@dataclass(frozen=True, slots=True)
class TypeRef:
    """A type as written, and the namespace its prefix stands for (None: no prefix)."""

    name: str
    namespace: str | None = None


@dataclass(frozen=True, slots=True)
class Typed:
    """A name with its declared type: a variable, a parameter, a column."""

    name: str
    type: TypeRef | None = None


class HitPolicy(Enum):
    """DMN 8.2.8."""

    UNIQUE = "UNIQUE"
    FIRST = "FIRST"
    PRIORITY = "PRIORITY"
    ANY = "ANY"
    COLLECT = "COLLECT"
    RULE_ORDER = "RULE ORDER"
    OUTPUT_ORDER = "OUTPUT ORDER"


class Aggregation(Enum):
    """What COLLECT does with the outputs: C+, C#, C<, C>."""

    SUM = "SUM"
    COUNT = "COUNT"
    MIN = "MIN"
    MAX = "MAX"


class Orientation(Enum):
    """How a table is drawn; the same rules whichever it is."""

    RULE_AS_ROW = "Rule-as-Row"
    RULE_AS_COLUMN = "Rule-as-Column"
    CROSS_TABLE = "CrossTable"


class Language(Enum):
    """The expression languages that are executed: FEEL, and JUEL's front end to it."""

    FEEL = "feel"
    JUEL = "juel"


@dataclass(frozen=True, slots=True)
class Literal:
    """A literal expression; an empty text is null."""

    place: Place
    text: str
    language: Language = Language.FEEL
    type: TypeRef | None = None


@dataclass(frozen=True, slots=True)
class UnaryTests:
    """An input entry or a list of allowed values."""

    place: Place
    text: str


@dataclass(frozen=True, slots=True)
class InputClause:
    place: Place
    label: str | None
    expression: Literal
    allowed: UnaryTests | None
    variable: str | None
    """Camunda's `inputVariable`: a second name of the input value inside the column's cells."""


@dataclass(frozen=True, slots=True)
class OutputClause:
    place: Place
    name: str | None
    type: TypeRef | None
    allowed: UnaryTests | None
    default: Literal | None


@dataclass(frozen=True, slots=True)
class Rule:
    place: Place
    number: int
    description: str | None
    inputs: tuple[UnaryTests, ...]
    outputs: tuple[Literal, ...]


@dataclass(frozen=True, slots=True)
class DecisionTable:
    place: Place
    hit_policy: HitPolicy
    aggregation: Aggregation | None
    orientation: Orientation
    inputs: tuple[InputClause, ...]
    outputs: tuple[OutputClause, ...]
    rules: tuple[Rule, ...]
    type: TypeRef | None = None


@dataclass(frozen=True, slots=True)
class ContextEntry:
    """A named entry, or (name None) the result box of the context."""

    variable: Typed | None
    value: Boxed | None


@dataclass(frozen=True, slots=True)
class BoxedContext:
    place: Place
    entries: tuple[ContextEntry, ...]
    type: TypeRef | None = None


@dataclass(frozen=True, slots=True)
class FunctionDefinition:
    """`kind` is FEEL, Java or PMML; the last two are read and never executed."""

    place: Place
    kind: str
    parameters: tuple[Typed, ...]
    body: Boxed | None
    type: TypeRef | None = None


@dataclass(frozen=True, slots=True)
class Binding:
    parameter: Typed
    value: Boxed | None


@dataclass(frozen=True, slots=True)
class Invocation:
    place: Place
    called: Boxed | None
    bindings: tuple[Binding, ...]
    type: TypeRef | None = None


@dataclass(frozen=True, slots=True)
class BoxedList:
    place: Place
    items: tuple[Boxed, ...]
    type: TypeRef | None = None


@dataclass(frozen=True, slots=True)
class Relation:
    place: Place
    columns: tuple[Typed, ...]
    rows: tuple[tuple[Boxed, ...], ...]
    type: TypeRef | None = None


@dataclass(frozen=True, slots=True)
class Conditional:
    place: Place
    condition: Boxed
    consequence: Boxed
    alternative: Boxed
    type: TypeRef | None = None


@dataclass(frozen=True, slots=True)
class Filter:
    place: Place
    source: Boxed
    match: Boxed
    type: TypeRef | None = None


class Quantifier(Enum):
    """The three boxed iterators."""

    FOR = "for"
    SOME = "some"
    EVERY = "every"


@dataclass(frozen=True, slots=True)
class Iteration:
    place: Place
    quantifier: Quantifier
    variable: Typed
    source: Boxed
    body: Boxed
    type: TypeRef | None = None


Boxed = (
    Literal
    | DecisionTable
    | BoxedContext
    | FunctionDefinition
    | Invocation
    | BoxedList
    | Relation
    | Conditional
    | Filter
    | Iteration
)


@dataclass(frozen=True, slots=True)
class Reference:
    """An `href`: the id of an element, in this model (namespace None) or in an imported one."""

    place: Place
    id: str
    namespace: str | None = None


@dataclass(frozen=True, slots=True)
class InputData:
    place: Place
    id: str
    variable: Typed


@dataclass(frozen=True, slots=True)
class Decision:
    place: Place
    id: str
    variable: Typed
    aliases: tuple[str, ...]
    """Further names of the result for the decisions that require it (see `reading`)."""
    inputs: tuple[Reference, ...]
    decisions: tuple[Reference, ...]
    knowledge: tuple[Reference, ...]
    logic: Boxed | None
    clauses: tuple[str, ...] = ()
    """Camunda property `legal.clause`: what the decision carries out."""


@dataclass(frozen=True, slots=True)
class BusinessKnowledge:
    place: Place
    id: str
    variable: Typed
    knowledge: tuple[Reference, ...]
    logic: FunctionDefinition | None


@dataclass(frozen=True, slots=True)
class DecisionService:
    place: Place
    id: str
    variable: Typed
    outputs: tuple[Reference, ...]
    encapsulated: tuple[Reference, ...]
    input_decisions: tuple[Reference, ...]
    inputs: tuple[Reference, ...]


Node = InputData | Decision | BusinessKnowledge | DecisionService


@dataclass(frozen=True, slots=True)
class FunctionItem:
    parameters: tuple[Typed, ...]
    result: TypeRef | None


@dataclass(frozen=True, slots=True)
class ItemDefinition:
    """A named type: a restriction of another, a structure, a function, or a collection of one."""

    place: Place
    name: str
    type: TypeRef | None
    allowed: UnaryTests | None
    constraint: UnaryTests | None
    components: tuple[ItemDefinition, ...]
    function: FunctionItem | None
    is_collection: bool


@dataclass(frozen=True, slots=True)
class Import:
    """Another model; an empty name brings its elements in without a prefix (DMN 1.5, 6.3.3)."""

    place: Place
    name: str
    namespace: str
    location: str | None


@dataclass(frozen=True, slots=True)
class Definitions:
    place: Place
    namespace: str
    name: str
    imports: tuple[Import, ...]
    items: tuple[ItemDefinition, ...]
    nodes: Mapping[str, Node] = field(default_factory=dict)
    """By id, in the order of the file."""
