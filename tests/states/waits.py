"""One small diagram for every kind of wait state; its process bears the wait's name."""

from tests.engine.bpmn.pieces import (
    CANCEL,
    COMPENSATE,
    NAMED,
    call,
    catch,
    condition,
    end,
    escalation,
    gateway,
    message,
    on_event,
    results,
    several,
    signal,
    start,
    straight,
    sub,
    throw,
    undo,
)
from tests.engine.drawing import border, element, flows, process, properties, script, timer, user

PERIOD = "T-PER-2H"
TASK = "court_handler"


def _line(*inside: str, ids: tuple[str, ...]) -> str:
    """start → ids → end."""
    return start() + "".join(inside) + end() + straight("s", *ids, "e")


def _external(id: str, **more: str) -> str:
    return element("serviceTask", id, camunda_type="external", camunda_topic="weigh", **more)


def _border(definition: str, *, interrupting: bool) -> str:
    return (
        _line(user("a"), ids=("a",))
        + border("b", "a", definition, interrupting=interrupting)
        + end("late")
        + flows("b -> late")
    )


def _split(kind: str, *conditions: str) -> str:
    """Two tasks of which the first is done, so that a token waits at the join."""
    ways = ["s -> x", "a -> j", "b -> j", "j -> e"]
    ways += [f"x -> {to}{given}" for to, given in zip("ab", conditions, strict=True)]
    inside = gateway(kind, "x") + user("a") + user("b") + gateway(kind, "j")
    return start() + inside + end() + flows(*ways)


def _duty() -> str:
    inside = start("s1") + user("duty") + end("e1") + straight("s1", "duty", "e1")
    due = timer("timeDate", f'${{due("{PERIOD}", notified_at)}}')
    listed = properties(legal_period=PERIOD, legal_clause="NZ-2.3-court-3b")
    return (
        _line(script("n", "now()", "notified_at"), sub("span", inside), ids=("n", "span"))
        + border("due", "span", due, interrupting=False, extra=listed)
        + end("noted")
        + flows("due -> noted")
    )


def _undone() -> str:
    """Something done that can be undone, before the error that asks for it."""
    return _line(
        script("done", "1", "done"),
        undo("done", "undoing"),
        user("undoing", isForCompensation="true"),
        user("a"),
        throw("back", COMPENSATE),
        ids=("done", "a", "back"),
    )


def _transaction() -> str:
    inside = start("s1") + user("a") + end("no", CANCEL) + straight("s1", "a", "no")
    return (
        _line(element("transaction", "tx", inside), ids=("tx",))
        + border("cancelled", "tx", CANCEL)
        + user("after")
        + end("e2")
        + flows("cancelled -> after -> e2")
    )


def _nested() -> str:
    deep = start("s3") + user("deep") + throw("up", escalation()) + end("e3")
    deep += straight("s3", "deep", "up", "e3")
    inside = start("s2") + sub("inner", deep) + end("e2") + straight("s2", "inner", "e2")
    return (
        _line(sub("outer", inside), ids=("outer",))
        + border("heard", "outer", escalation(), interrupting=False)
        + user("told")
        + end("e4")
        + flows("heard -> told -> e4")
    )


def _listening() -> str:
    asides = on_event(
        "aside", message(), user("aside_a"), flows("aside_s -> aside_a"), interrupting=False
    )
    return _line(user("a"), ids=("a",)) + asides


def _racing() -> str:
    return (
        start()
        + gateway("eventBased", "race")
        + catch("m", message())
        + catch("t", timer("timeDuration", "PT1H"))
        + end()
        + flows("s -> race -> m -> e", "race -> t -> e")
    )


def _repeated(one_by_one: bool) -> str:
    kept = several(results("found", "item"), over="${[1, 2, 3]}", one_by_one=one_by_one)
    return _line(user("a", TASK, kept), ids=("a",))


def _turning() -> str:
    turns = '<standardLoopCharacteristics loopMaximum="3"/>'
    return _line(user("a", TASK, turns), ids=("a",))


CALLED = "called_part"
DRAWN = {
    "user_task": _line(user("a"), ids=("a",)),
    "external_task": _line(_external("w"), ids=("w",)),
    "external_task_locked": _line(_external("locked"), ids=("locked",)),
    "receive_task": _line(element("receiveTask", "r", messageRef="M"), ids=("r",)),
    "message_event": _line(catch("m", message()), ids=("m",)),
    "signal_event": _line(catch("g", signal()), ids=("g",)),
    "timer_event": _line(catch("t", timer("timeDuration", "PT1H")), ids=("t",)),
    "conditional_event": _line(catch("c", condition("n > 1")), ids=("c",)),
    "event_gateway": _racing(),
    "border_timer": _border(timer("timeDuration", "P1D"), interrupting=True),
    "border_cycle": _border(timer("timeCycle", "R3/PT10M"), interrupting=False),
    "border_message": _border(message(), interrupting=False),
    "async_before": _line(script("k", "1", "k"), ids=("k",)).replace(
        'id="k"', 'id="k" camunda:asyncBefore="true"', 1
    ),
    "async_after": _line(script("k", "1", "k"), ids=("k",)).replace(
        'id="k"', 'id="k" camunda:asyncAfter="true"', 1
    ),
    "parallel_join": _split("parallel", "", ""),
    "inclusive_join": _split("inclusive", " [true]", " [true]"),
    "event_sub_process": _listening(),
    "nested_sub_processes": _nested(),
    "call_activity": _line(call("part", CALLED), ids=("part",)),
    "parallel_instances": _repeated(one_by_one=False),
    "sequential_instances": _repeated(one_by_one=True),
    "standard_loop": _turning(),
    "compensation": _undone(),
    "transaction": _transaction(),
    "statutory_duty": _duty(),
}
"""Wait state → what its process holds."""
SOURCES = {name: process(name, content, around=NAMED) for name, content in DRAWN.items()} | {
    CALLED: process(CALLED, _line(user("inside"), ids=("inside",)))
}
HALF_DONE = ("parallel_join", "inclusive_join", "parallel_instances", "sequential_instances",
             "standard_loop")  # fmt: skip
"""One of their tasks is done before the state is kept."""
