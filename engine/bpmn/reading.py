"""From bytes to a `Diagram`: normalised, with line numbers, nothing judged yet.

Normalising (notes on real files): flows without id get a stable one, `incoming`/`outgoing`
are taken from the flows alone, `operaton:` and its kin read as `camunda:`. What looks wrong is
kept as an `Oddity`; the linter makes the sentence.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

from lxml import etree

from engine.bpmn.dialect import (
    BPMN,
    BPMNDI,
    CONTAINERS,
    FLOW_NODES,
    bpmn,
    camunda_attributes,
    is_bpmn,
    line_of,
    local,
)
from engine.bpmn.extensions import (
    call_mappings,
    has_form_fields,
    parameters,
    properties,
    retry_cycle,
    running_code,
)
from engine.bpmn.model import (
    Diagram,
    EventDefinition,
    Flow,
    Loop,
    MessageFlow,
    Node,
    Oddity,
    Process,
)
from engine.errors import Refusal
from engine.xml import parse_xml

NODE_ATTRIBUTES = frozenset(
    {
        "attachedToRef", "cancelActivity", "isInterrupting", "triggeredByEvent", "default",
        "calledElement", "scriptFormat", "isForCompensation", "instantiate", "eventGatewayType",
        "gatewayDirection", "parallelMultiple", "startQuantity", "completionQuantity",
    }
)  # fmt: skip


def read_diagram(source: bytes, filename: str) -> Diagram:
    """Read one `.bpmn` file.

    Raises `Refusal` (xml.*, bpmn.not_bpmn) when the bytes are no BPMN document at all.
    """
    root = parse_xml(source, filename)
    if root.tag != bpmn("definitions"):
        raise Refusal("bpmn.not_bpmn", file=filename, line=line_of(root), found=str(root.tag))
    return _Reader(root, filename).diagram


class _Reader:
    """One pass over one file."""

    def __init__(self, root: etree._Element, filename: str) -> None:
        self.root = root
        self.diagram = Diagram(file=filename)
        self.unnamed = count(1)
        self.names = self._named_things()
        self._note_duplicates()
        self._read_shapes()
        for element in root.iterchildren(bpmn("process")):
            self._read_process(element)
        self._read_collaborations()

    # what events refer to -------------------------------------------------------------

    def _named_things(self) -> dict[str, str]:
        """Id → name of messages and signals, id → code of errors and escalations."""
        names: dict[str, str] = {}
        for element in self.root.iterchildren():
            identifier, kind = element.get("id"), local(element)
            if identifier is None or not is_bpmn(element):
                continue
            if kind in ("message", "signal"):
                names[identifier] = element.get("name") or identifier
                known = self.diagram.messages if kind == "message" else self.diagram.signals
                known[identifier] = names[identifier]
            elif kind in ("error", "escalation"):
                names[identifier] = element.get(f"{kind}Code") or element.get("name") or ""
        return names

    def _note_duplicates(self) -> None:
        seen: dict[str, int] = {}
        for element in self.root.iter():
            identifier = element.get("id") if is_bpmn(element) else None
            if identifier is None:
                continue
            if identifier in seen:
                self._odd("bpmn.duplicate_id", element, first_line=seen[identifier])
            seen.setdefault(identifier, line_of(element))

    def _read_shapes(self) -> None:
        shapes = self.root.iter(f"{{{BPMNDI}}}BPMNShape")
        named = ((shape, shape.get("bpmnElement") or "") for shape in shapes)
        self.diagram.drawn = frozenset(_unqualified(shape, name) for shape, name in named)

    def _odd(self, code: str, element: etree._Element, **params: object) -> None:
        self.diagram.oddities.append(
            Oddity(
                code,
                line_of(element),
                element.get("id") or "",
                element.get("name") or "",
                params,
            )
        )

    # processes ------------------------------------------------------------------------

    def _read_process(self, element: etree._Element) -> None:
        identifier = element.get("id") or ""
        process = Process(
            id=identifier,
            name=element.get("name") or identifier,
            line=line_of(element),
            executable=element.get("isExecutable", "true") != "false",
            camunda=camunda_attributes(element),
            properties=properties(element),
        )
        self._read_container(element, process, identifier, process.children)
        self._connect(element, process)
        self._read_lanes(element, process)
        self.diagram.processes[identifier] = process

    def _read_container(
        self, element: etree._Element, process: Process, container: str, children: list[str]
    ) -> None:
        for child in element.iterchildren():
            kind = local(child)
            if not is_bpmn(child):
                continue
            if kind == "sequenceFlow":
                self._read_flow(child, process, container)
            elif kind in FLOW_NODES:
                node = self._read_node(child, kind, container)
                process.nodes.setdefault(node.id, node)
                children.append(node.id)
                if kind in CONTAINERS:
                    self._read_container(child, process, node.id, node.children)

    def _read_flow(self, element: etree._Element, process: Process, container: str) -> None:
        source, target = element.get("sourceRef") or "", element.get("targetRef") or ""
        identifier = element.get("id") or f"flow.{source}.{target}.{len(process.flows)}"
        condition = element.find(bpmn("conditionExpression"))
        process.flows.setdefault(
            identifier,
            Flow(
                id=identifier,
                name=element.get("name") or "",
                line=line_of(element),
                source=source,
                target=target,
                condition=_text(condition),
                language=condition.get("language") if condition is not None else None,
                container=container,
            ),
        )

    def _read_node(self, element: etree._Element, kind: str, container: str) -> Node:
        identifier = element.get("id") or f"{kind}.{line_of(element)}.{next(self.unnamed)}"
        mappings_in, mappings_out = call_mappings(element)
        inputs, outputs = parameters(element)
        return Node(
            id=identifier,
            kind=kind,
            name=" ".join((element.get("name") or "").split()),
            line=line_of(element),
            container=container,
            attributes=self._attributes(element),
            camunda=self._camunda_of(element),
            properties=properties(element),
            inputs=inputs,
            outputs=outputs,
            mappings_in=mappings_in,
            mappings_out=mappings_out,
            events=tuple(self._events(element)),
            loop=_loop(element),
            script=_text(element.find(bpmn("script"))),
            retry=retry_cycle(element),
            assigns_data=_assignment(element),
            form_fields=has_form_fields(element),
            code=running_code(element),
        )

    def _attributes(self, element: etree._Element) -> dict[str, str]:
        """Those of BPMN that mean something; a qualified name loses its prefix."""
        found = {k: str(v) for k, v in element.attrib.items() if k in NODE_ATTRIBUTES}
        for name in ("attachedToRef", "calledElement"):
            if name in found:
                found[name] = _unqualified(element, found[name])
        return found

    def _camunda_of(self, element: etree._Element) -> dict[str, str]:
        """Own camunda attributes, and those of its message definition (a throw event's topic)."""
        found = camunda_attributes(element)
        definition = element.find(bpmn("messageEventDefinition"))
        if definition is not None:
            found |= camunda_attributes(definition)
        return found

    def _events(self, element: etree._Element) -> Iterator[EventDefinition]:
        for child in element.iterchildren():
            kind = local(child)
            if is_bpmn(child) and kind.endswith("EventDefinition"):
                yield self._event(child, kind.removesuffix("EventDefinition"))
            elif is_bpmn(child) and kind == "eventDefinitionRef":
                yield self._shared_event(child)
        reference = element.get("messageRef")
        if reference is not None and local(element) in ("sendTask", "receiveTask"):
            yield self._referring("message", reference, element)
        elif local(element) == "receiveTask" and not _defines_an_event(element):
            named = element.get("id") or ""
            yield EventDefinition("message", line_of(element), reference=named, unnamed=True)

    def _shared_event(self, element: etree._Element) -> EventDefinition:
        """An event definition at the top of the file that several events refer to."""
        wanted = _unqualified(element, (element.text or "").strip())
        for shared in self.root.iterchildren():
            kind = local(shared)
            if shared.get("id") == wanted and kind.endswith("EventDefinition"):
                return self._event(shared, kind.removesuffix("EventDefinition"))
        return EventDefinition("unknown", line_of(element), dangling=wanted)

    def _event(self, element: etree._Element, kind: str) -> EventDefinition:
        line = line_of(element)
        if kind == "timer":
            return _timer(element, line)
        if kind == "link":
            return EventDefinition(kind, line, reference=element.get("name") or "")
        if kind == "conditional":
            return EventDefinition(kind, line, expression=_text(element.find(bpmn("condition"))))
        if kind == "compensate":
            activity = element.get("activityRef")
            return EventDefinition(
                kind,
                line,
                activity=_unqualified(element, activity) if activity else None,
                waits=element.get("waitForCompletion") != "false",
            )
        return self._referring(kind, element.get(f"{kind}Ref"), element)

    def _referring(
        self, kind: str, reference: str | None, element: etree._Element
    ) -> EventDefinition:
        extra = camunda_attributes(element)
        reference = _unqualified(element, reference) if reference else None
        return EventDefinition(
            kind,
            line_of(element),
            reference=self.names.get(reference) if reference else None,
            dangling=reference if reference and reference not in self.names else None,
            variable=extra.get(f"{kind}CodeVariable"),
            message_variable=extra.get("errorMessageVariable"),
            terminates=_reach(extra),
        )

    def _connect(self, element: etree._Element, process: Process) -> None:
        """Fill incoming/outgoing from the flows; note flows that hang in the air."""
        for flow in process.flows.values():
            for end, side in ((flow.source, "outgoing"), (flow.target, "incoming")):
                node = process.nodes.get(end)
                if node is None:
                    params = {"side": side, "missing": end}
                    odd = Oddity("bpmn.dangling_flow", flow.line, flow.id, flow.name, params)
                    self.diagram.oddities.append(odd)
                else:
                    getattr(node, side).append(flow.id)
        for association in element.iter(bpmn("association")):
            node = process.nodes.get(association.get("sourceRef") or "")
            target = association.get("targetRef") or ""
            if node is not None and target in process.nodes:
                node.associations = (*node.associations, target)

    def _read_lanes(self, element: etree._Element, process: Process) -> None:
        lanes = []
        for lane in element.iter(bpmn("lane")):
            name = lane.get("name") or lane.get("id") or ""
            lanes.append(name)
            for reference in lane.iterchildren(bpmn("flowNodeRef")):
                node = process.nodes.get((reference.text or "").strip())
                if node is not None:
                    node.lane = name
        process.lanes = tuple(lanes)

    # collaborations -------------------------------------------------------------------

    def _read_collaborations(self) -> None:
        for participant in self.root.iter(bpmn("participant")):
            process_id = _unqualified(participant, participant.get("processRef") or "")
            self.diagram.participants[participant.get("id") or ""] = process_id
            process = self.diagram.processes.get(process_id)
            if process is not None:
                process.participant = participant.get("name") or ""
                process.properties = {**properties(participant), **process.properties}
            elif process_id:
                self._odd("bpmn.dangling_participant", participant, missing=process_id)
        for flow in self.root.iter(bpmn("messageFlow")):
            self.diagram.message_flows.append(
                MessageFlow(
                    flow.get("id") or "",
                    flow.get("name") or "",
                    _unqualified(flow, flow.get("sourceRef") or ""),
                    _unqualified(flow, flow.get("targetRef") or ""),
                    line_of(flow),
                )
            )


def _assignment(element: etree._Element) -> int:
    """Line of the first data association with an assignment or a transformation; else 0."""
    for tag in ("dataInputAssociation", "dataOutputAssociation"):
        for association in element.iterchildren(bpmn(tag)):
            for part in ("assignment", "transformation"):
                found = association.find(bpmn(part))
                if found is not None:
                    return line_of(found)
    return 0


def _reach(extra: dict[str, str]) -> str:
    """How far a terminate end goes."""
    if extra.get("terminateAll") == "true":
        return "all"
    return "instances" if extra.get("terminateMultiInstance") == "true" else "scope"


def _defines_an_event(element: etree._Element) -> bool:
    return any(local(child).startswith(("message", "eventDefinition")) for child in element)


def _text(element: etree._Element | None) -> str | None:
    """Text of an expression element; None where there is no element or no text."""
    if element is None:
        return None
    return "".join(str(part) for part in element.itertext()).strip() or None


def _timer(element: etree._Element, line: int) -> EventDefinition:
    for kind in ("timeDate", "timeDuration", "timeCycle"):
        child = element.find(bpmn(kind))
        if child is not None:
            return EventDefinition("timer", line, timer_kind=kind, expression=_text(child))
    return EventDefinition("timer", line)


def _loop(element: etree._Element) -> Loop | None:
    multi = element.find(bpmn("multiInstanceLoopCharacteristics"))
    if multi is not None:
        return _multi_instance(multi)
    standard = element.find(bpmn("standardLoopCharacteristics"))
    if standard is None:
        return None
    maximum = standard.get("loopMaximum")
    return Loop(
        "standard",
        line_of(standard),
        completion=_text(standard.find(bpmn("loopCondition"))),
        test_before=standard.get("testBefore") == "true",
        maximum=_turns(maximum),
    )


def _turns(maximum: str | None) -> int | None:
    """`loopMaximum`; more digits than any loop could count to are none."""
    known = maximum is not None and maximum.isdecimal() and len(maximum) < 10
    return int(maximum or "") if known else None


def _unqualified(element: etree._Element, name: str) -> str:
    """A QName without the prefix, where the prefix is declared; `${a:b}` is none."""
    prefix, _, rest = name.partition(":")
    return rest if rest and prefix in element.nsmap else name


def _multi_instance(element: etree._Element) -> Loop:
    extra = camunda_attributes(element)
    item = element.find(bpmn("inputDataItem"))
    produced = element.find(bpmn("outputDataItem"))
    return Loop(
        "sequential" if element.get("isSequential") == "true" else "parallel",
        line_of(element),
        async_before="true" in (extra.get("asyncBefore"), extra.get("async")),
        async_after=extra.get("asyncAfter") == "true",
        behavior=element.get("behavior", "All"),
        collection=extra.get("collection") or _text(element.find(bpmn("loopDataInputRef"))),
        element_variable=extra.get("elementVariable")
        or (item.get("name") or item.get("id") if item is not None else None),
        cardinality=_text(element.find(bpmn("loopCardinality"))),
        completion=_text(element.find(bpmn("completionCondition"))),
        output_collection=_text(element.find(bpmn("loopDataOutputRef"))),
        output_element=produced.get("name") or produced.get("id") if produced is not None else None,
    )


__all__ = ["BPMN", "read_diagram"]
