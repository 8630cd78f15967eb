"""Pieces that many small diagrams are made of."""

from tests.engine.drawing import element, flows, script

NAMED = (
    '<message id="M" name="m"/><message id="N" name="n"/><signal id="S" name="g"/>'
    '<error id="E" name="bad" errorCode="bad"/><error id="F" name="worse" errorCode="worse"/>'
    '<escalation id="X" name="up" escalationCode="up"/>'
    '<escalation id="Y" name="over" escalationCode="over"/>'
)
"""Messages m and n, signal g, errors bad and worse, escalations up and over."""
TERMINATE = "<terminateEventDefinition/>"
CANCEL = "<cancelEventDefinition/>"
COMPENSATE = "<compensateEventDefinition/>"


def message(name: str = "M") -> str:
    return f'<messageEventDefinition messageRef="{name}"/>'


def signal() -> str:
    return '<signalEventDefinition signalRef="S"/>'


def error(name: str = "E", **attributes: str) -> str:
    return _referring("error", name, attributes)


def escalation(name: str = "X", **attributes: str) -> str:
    return _referring("escalation", name, attributes)


def _referring(kind: str, name: str, attributes: dict[str, str]) -> str:
    more = "".join(f' {k.replace("_", ":")}="{v}"' for k, v in attributes.items())
    reference = f' {kind}Ref="{name}"' if name else ""
    return f"<{kind}EventDefinition{reference}{more}/>"


def condition(text: str) -> str:
    written = text.replace("<", "&lt;").replace(">", "&gt;")
    inner = f"<condition>{written}</condition>"
    return f"<conditionalEventDefinition>{inner}</conditionalEventDefinition>"


def start(id: str = "s", *inside: str, **attributes: str) -> str:
    return element("startEvent", id, *inside, **attributes)


def end(id: str = "e", *inside: str, **attributes: str) -> str:
    return element("endEvent", id, *inside, **attributes)


def catch(id: str, *definition: str) -> str:
    return element("intermediateCatchEvent", id, *definition)


def throw(id: str, *definition: str) -> str:
    return element("intermediateThrowEvent", id, *definition)


def sub(id: str, *inside: str, **attributes: str) -> str:
    return element("subProcess", id, *inside, **attributes)


def on_event(id: str, definition: str, *inside: str, interrupting: bool = True) -> str:
    """An event sub-process; its start is `<id>_s`."""
    begins = start(f"{id}_s", definition, isInterrupting="true" if interrupting else "false")
    return sub(id, begins, *inside, triggeredByEvent="true")


def call(id: str, called: str, *mappings: str, **attributes: str) -> str:
    inside = f"<extensionElements>{''.join(mappings)}</extensionElements>"
    return element("callActivity", id, inside, calledElement=called, **attributes)


def gateway(kind: str, id: str, **attributes: str) -> str:
    return element(f"{kind}Gateway", id, **attributes)


def several(
    *inside: str, over: str = "", times: str = "", each: str = "item", one_by_one: bool = False
) -> str:
    """Multi-instance characteristics over a collection or a number."""
    attributes = ' isSequential="true"' if one_by_one else ""
    if over:
        attributes += f' camunda:collection="{over}" camunda:elementVariable="{each}"'
    cardinality = f"<loopCardinality>{times}</loopCardinality>" if times else ""
    tag = "multiInstanceLoopCharacteristics"
    return f"<{tag}{attributes}>{cardinality}{''.join(inside)}</{tag}>"


def until(text: str) -> str:
    written = text.replace("<", "&lt;").replace(">", "&gt;")
    return f"<completionCondition>{written}</completionCondition>"


def results(into: str, name: str) -> str:
    return f'<loopDataOutputRef>{into}</loopDataOutputRef><outputDataItem id="o" name="{name}"/>'


def count(id: str, name: str = "n") -> str:
    """A script that adds one to a variable that may not be there yet."""
    return script(id, f"(if {name} = null then 0 else {name}) + 1", name)


def undo(host: str, handler: str) -> str:
    """A compensation border on `host` and the association with its handler."""
    event = element("boundaryEvent", f"{host}_undo", COMPENSATE, attachedToRef=host)
    return f'{event}<association id="{host}_a" sourceRef="{host}_undo" targetRef="{handler}"/>'


def straight(*ids: str) -> str:
    return flows(" -> ".join(ids))
