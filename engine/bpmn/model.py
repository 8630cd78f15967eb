"""What a diagram says, as plain data: no XML, no SpiffWorkflow, every element with its line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

SERVICES = frozenset({"serviceTask", "sendTask", "businessRuleTask"})
"""Tasks that somebody outside the diagram does."""
Text = str
"""An expression as the analyst wrote it; see `expressions.prepare_text` for its dialects."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """A `camunda:inputParameter` or `outputParameter`; `script` marks a FEEL script body."""

    name: str
    value: Value
    line: int


@dataclass(frozen=True, slots=True)
class Value:
    """Text, a list of values, or a map of values (camunda:list, camunda:map)."""

    text: Text = ""
    items: tuple[Value, ...] | None = None
    entries: tuple[tuple[str, Value], ...] | None = None
    script: bool = False
    language: str = ""
    """The scriptFormat of a script."""


@dataclass(frozen=True, slots=True)
class CallMapping:
    """A `camunda:in` or `camunda:out` of a call activity."""

    source: str | None
    expression: Text | None
    target: str | None
    everything: bool
    local: bool
    business_key: Text | None


@dataclass(frozen=True, slots=True)
class EventDefinition:
    """What an event waits for or throws. `kind` is the tag without `EventDefinition`."""

    kind: str
    line: int
    reference: str | None = None
    """The name (message, signal, link) or the code (error, escalation) it refers to."""
    unnamed: bool = False
    """A receive task without message: it waits for one that is called as its id."""
    dangling: str | None = None
    """The id of a reference that nothing in the file answers to."""
    timer_kind: str | None = None
    """timeDate · timeDuration · timeCycle"""
    expression: Text | None = None
    activity: str | None = None
    variable: str | None = None
    """camunda:errorCodeVariable / escalationCodeVariable."""
    message_variable: str | None = None
    """camunda:errorMessageVariable."""
    waits: bool = True
    """Of a compensation: `waitForCompletion`."""
    terminates: str = "scope"
    """Of a terminate end: scope, all (`flowable:terminateAll`), or instances (of the repeated
    activity around it: `terminateMultiInstance`)."""


@dataclass(frozen=True, slots=True)
class Loop:
    """Multi-instance or standard loop characteristics."""

    kind: str
    """parallel · sequential · standard"""
    line: int
    collection: Text | None = None
    element_variable: str | None = None
    cardinality: Text | None = None
    completion: Text | None = None
    output_collection: str | None = None
    output_element: Text | None = None
    test_before: bool = False
    async_before: bool = False
    """camunda:asyncBefore of the characteristics: of each turn, not of the whole."""
    async_after: bool = False
    behavior: str = "All"
    """Which turns throw an event of their own; only All, which throws none, is executed."""
    maximum: int | None = None


@dataclass(slots=True)
class Flow:
    """A sequence flow."""

    id: str
    name: str
    line: int
    source: str
    target: str
    condition: Text | None = None
    language: str | None = None
    container: str = ""


@dataclass(slots=True)
class Node:
    """A flow node: activity, gateway or event."""

    id: str
    kind: str
    """The BPMN tag: userTask, exclusiveGateway, boundaryEvent, …"""
    name: str
    line: int
    container: str
    """Id of the process or sub-process it stands in."""
    attributes: Mapping[str, str] = field(default_factory=dict)
    camunda: Mapping[str, str] = field(default_factory=dict)
    properties: Mapping[str, str] = field(default_factory=dict)
    inputs: tuple[Parameter, ...] = ()
    outputs: tuple[Parameter, ...] = ()
    mappings_in: tuple[CallMapping, ...] = ()
    mappings_out: tuple[CallMapping, ...] = ()
    events: tuple[EventDefinition, ...] = ()
    loop: Loop | None = None
    script: str | None = None
    lane: str | None = None
    incoming: list[str] = field(default_factory=list)
    outgoing: list[str] = field(default_factory=list)
    conditions: Mapping[str, str] = field(default_factory=dict)
    associations: tuple[str, ...] = ()
    """Targets of associations leaving it (a compensation boundary's handler)."""
    retry: str | None = None
    """camunda:failedJobRetryTimeCycle: how often and after what pause its jobs are tried again."""
    assigns_data: int = 0
    """Line of a data association that computes something; 0 without one."""
    form_fields: bool = False
    """camunda:formData: a form drawn into the diagram."""
    code: tuple[str, ...] = ()
    """Extensions that ask for a program: listeners, connectors."""
    children: list[str] = field(default_factory=list)
    """Of a sub-process: the flow nodes drawn in it."""

    @property
    def event(self) -> EventDefinition | None:
        """Its one event definition; None for a plain event or no event at all."""
        return self.events[0] if self.events else None

    @property
    def label(self) -> str:
        """What to call it in a sentence: its name, else its id."""
        return self.name or self.id

    @property
    def stand_in(self) -> str | None:
        """The Java class or bean that Camunda 7 would call; here the topic of a worker outside."""
        if self.kind not in SERVICES or self.camunda.get("topic"):
            return None
        found = self.camunda.get("class") or self.camunda.get("delegateExpression") or ""
        return re.sub(r"^[$#]\{\s*(.*?)\s*\}$", r"\1", found.strip()) or None

    @property
    def interrupting(self) -> bool:
        """Whether a boundary or event sub-process start ends what it interrupts."""
        attribute = "cancelActivity" if self.kind == "boundaryEvent" else "isInterrupting"
        return self.attributes.get(attribute, "true") != "false"

    @property
    def is_event_subprocess(self) -> bool:
        """A sub-process that no flow reaches: an event starts it (BPMN 2.0 §13.5.4)."""
        return self.kind == "subProcess" and self.attributes.get("triggeredByEvent") == "true"

    @property
    def for_compensation(self) -> bool:
        """A handler that only a compensation reaches."""
        return self.attributes.get("isForCompensation") == "true"


@dataclass(slots=True)
class Process:
    """One `bpmn:process`: a pool's content, or a process on its own."""

    id: str
    name: str
    line: int
    executable: bool
    camunda: Mapping[str, str]
    properties: Mapping[str, str]
    nodes: dict[str, Node] = field(default_factory=dict)
    flows: dict[str, Flow] = field(default_factory=dict)
    children: list[str] = field(default_factory=list)
    participant: str = ""
    lanes: tuple[str, ...] = ()

    @property
    def agency_kind(self) -> str:
        """court, police, …: which side of the cooperation runs this pool."""
        return self.properties.get("agency", "")

    def within(self, container: str) -> Iterator[Node]:
        """The nodes drawn directly in `container` (the process itself or a sub-process)."""
        ids = self.children if container == self.id else self.nodes[container].children
        return (self.nodes[i] for i in ids)

    def link_sources(self, catch: Node) -> list[str]:
        """The link throws that lead to a catching link event; none for any other node."""
        event = catch.event
        if catch.kind != "intermediateCatchEvent" or event is None or event.kind != "link":
            return []
        return [
            node.id
            for node in self.within(catch.container)
            if node.kind == "intermediateThrowEvent"
            and node.event is not None
            and (node.event.kind, node.event.reference) == ("link", event.reference)
        ]

    def has_content(self, container: str) -> bool:
        """Whether anything is drawn in `container` that a token could come to."""
        return any(not node.is_event_subprocess for node in self.within(container))

    def starts(self, container: str) -> list[Node]:
        """Start events of `container`."""
        return [node for node in self.within(container) if node.kind == "startEvent"]


@dataclass(frozen=True, slots=True)
class MessageFlow:
    """A dashed arrow between pools; ends are node, process or participant ids."""

    id: str
    name: str
    source: str
    target: str
    line: int


@dataclass(frozen=True, slots=True)
class Oddity:
    """Something found while reading that the linter turns into a complaint."""

    code: str
    line: int
    element: str = ""
    name: str = ""
    params: Mapping[str, object] = field(default_factory=dict)


@dataclass(slots=True)
class Diagram:
    """One `.bpmn` file."""

    file: str
    processes: dict[str, Process] = field(default_factory=dict)
    messages: dict[str, str] = field(default_factory=dict)
    signals: dict[str, str] = field(default_factory=dict)
    message_flows: list[MessageFlow] = field(default_factory=list)
    participants: dict[str, str] = field(default_factory=dict)
    """Participant id → process id ('' for a black box)."""
    oddities: list[Oddity] = field(default_factory=list)
    drawn: frozenset[str] = frozenset()
    """Elements that the diagram interchange gives a place; none: the file is without drawing."""

    def node(self, element_id: str) -> Node | None:
        """The node of that id, in whichever process it stands."""
        for process in self.processes.values():
            if element_id in process.nodes:
                return process.nodes[element_id]
        return None

    def process_of(self, element_id: str) -> str | None:
        """Process id that a message-flow end stands in or names."""
        if element_id in self.participants:
            return self.participants[element_id] or None
        if element_id in self.processes:
            return element_id
        for process in self.processes.values():
            if element_id in process.nodes:
                return process.id
        return None
