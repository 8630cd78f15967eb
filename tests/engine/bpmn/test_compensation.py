"""Compensation, transactions, conditional events (BPMN 2.0 §13.3.4, §13.5.2, §13.5.5)."""

from tests.engine.drawing import border, element, flows, process, script, user
from tests.engine.house import House

COMPENSATE = "<compensateEventDefinition/>"


def undo(host: str, handler: str) -> str:
    return (
        border(f"{host}_undo", host, COMPENSATE)
        + f'<association id="{host}_a" sourceRef="{host}_undo" targetRef="{handler}"/>'
    )


def handler(id: str) -> str:
    return user(id, isForCompensation="true")


def test_handlers_run_one_after_the_other_the_last_done_first(house: House) -> None:
    source = process(
        "p",
        element("startEvent", "s"),
        script("a", "1", "x"),
        undo("a", "undo_a"),
        handler("undo_a"),
        script("b", "2", "y"),
        undo("b", "undo_b"),
        handler("undo_b"),
        element("intermediateThrowEvent", "back", COMPENSATE),
        user("after"),
        flows("s -> a -> b -> back -> after"),
    )
    house.run(source)
    assert house.open() == ["undo_b"]
    house.complete("undo_b")
    assert house.open() == ["undo_a"]
    house.complete("undo_a")
    assert house.open() == ["after"]


def test_what_was_never_done_is_not_undone(house: House) -> None:
    source = process(
        "p",
        element("startEvent", "s"),
        element("exclusiveGateway", "x", default="x-b"),
        script("a", "1", "n"),
        undo("a", "undo_a"),
        handler("undo_a"),
        script("b", "1", "n"),
        element("endEvent", "e", COMPENSATE),
        flows("s -> x", "x -> a [false]", "x -> b", "a -> e", "b -> e"),
    )
    instance = house.run(source)
    assert house.instance(instance).state == "completed"


def test_a_finished_sub_process_is_undone_from_the_scope_around_it(house: House) -> None:
    inside = element("startEvent", "s1") + script("a", "1", "n") + undo("a", "undo_a")
    inside += handler("undo_a") + flows("s1 -> a")
    source = process(
        "p",
        element("startEvent", "s"),
        element("subProcess", "sub", inside),
        user("think"),
        element("endEvent", "back", COMPENSATE),
        flows("s -> sub -> think -> back"),
    )
    house.run(source)
    house.complete("think")
    assert house.open() == ["undo_a"]


def test_only_the_named_activity_is_undone(house: House) -> None:
    source = process(
        "p",
        element("startEvent", "s"),
        script("a", "1", "x"),
        undo("a", "undo_a"),
        handler("undo_a"),
        script("b", "2", "y"),
        undo("b", "undo_b"),
        handler("undo_b"),
        element("endEvent", "back", '<compensateEventDefinition activityRef="a"/>'),
        flows("s -> a -> b -> back"),
    )
    house.run(source)
    assert house.open() == ["undo_a"]


def test_a_cancelled_transaction_is_undone_and_leaves_by_its_cancel_border(house: House) -> None:
    inside = element("startEvent", "s1") + script("a", "1", "n") + undo("a", "undo_a")
    inside += handler("undo_a") + user("other") + element("parallelGateway", "g")
    inside += element("endEvent", "no", "<cancelEventDefinition/>")
    inside += flows("s1 -> a -> g -> no", "g -> other")
    source = process(
        "p",
        element("startEvent", "s"),
        element("transaction", "t", inside),
        border("cancelled", "t", "<cancelEventDefinition/>"),
        user("after"),
        user("never"),
        flows("s -> t -> never", "cancelled -> after"),
    )
    house.run(source)
    assert house.open() == ["undo_a"]
    house.complete("undo_a")
    assert house.open() == ["after"]


def test_a_conditional_event_waits_until_its_condition_becomes_true(house: House) -> None:
    condition = "<conditionalEventDefinition><condition>n &gt; 1</condition>"
    source = process(
        "p",
        element("startEvent", "s"),
        element("parallelGateway", "g"),
        element("intermediateCatchEvent", "c", condition + "</conditionalEventDefinition>"),
        user("after"),
        user("work"),
        script("two", "2", "n"),
        flows("s -> g -> c -> after", "g -> work -> two"),
    )
    house.run(source)
    assert house.open() == ["work"]
    house.complete("work")
    assert house.open() == ["after"]
