"""Variables, parameters, decisions, scripts, topics; drawings of data, which run nothing."""

from collections.abc import Callable
from decimal import Decimal

from engine.bpmn.faults import BpmnError
from tests.engine.bpmn.pieces import NAMED, error, start, sub
from tests.engine.bpmn.stage import Stage
from tests.engine.drawing import border, element, flows, process, script, user

Put = Callable[..., Stage]


def io(**parameters: str) -> str:
    written = ""
    for name, value in parameters.items():
        side, _, own = name.partition("_")
        tag = {"in": "inputParameter", "out": "outputParameter"}[side]
        written += f'<camunda:{tag} name="{own}">{value}</camunda:{tag}>'
    inner = f"<camunda:inputOutput>{written}</camunda:inputOutput>"
    return f"<extensionElements>{inner}</extensionElements>"


def test_parameters_live_in_their_activity_and_outputs_around_it(stage: Put) -> None:
    task = user("a", "court_handler", io(in_k="${n + 1}", in_text="5", out_r="${k * 10}"))
    play = stage(process("p", start(), task, flows("s -> a"))).start(n=1).complete("a", given=7)
    assert play.variables == {"n": 1, "r": 20}


def test_parameters_can_be_lists_maps_and_feel_scripts(stage: Put) -> None:
    values = io(
        in_list="<camunda:list><camunda:value>${n}</camunda:value>"
        "<camunda:value>b</camunda:value></camunda:list>",
        in_map='<camunda:map><camunda:entry key="k">${n}</camunda:entry></camunda:map>',
        in_code='<camunda:script scriptFormat="feel">n * 2</camunda:script>',
        out_all="${list}",
        out_k="${map.k}",
        out_c="${code}",
    )
    drawn = process("p", start(), user("a", "court_handler", values), flows("s -> a"))
    play = stage(drawn).start(n=1).complete("a")
    assert play.variables == {"n": 1, "all": [1, "b"], "k": 1, "c": 2}


def test_parameters_of_a_sub_process_are_its_own(stage: Put) -> None:
    inside = start("s1") + script("x", "n + 1", "n") + user("u") + flows("s1 -> x -> u")
    drawn = process(
        "p",
        start(),
        sub("sub", io(in_n="${10}"), inside),
        user("after"),
        flows("s -> sub -> after"),
    )
    play = stage(drawn).start(n=1).complete("u")
    assert play.variables == {"n": 1}


def test_no_branch_overwrites_what_another_has_written(stage: Put) -> None:
    drawn = process(
        "p",
        start(),
        user("a"),
        user("b"),
        script("one", "1", "k"),
        element("parallelGateway", "j"),
        user("after"),
        flows("s -> a -> one -> j -> after", "s -> b -> j"),
    )
    play = stage(drawn).start(k=0).complete("a").complete("b")
    assert (play.open(), play.variables["k"]) == (["after"], 1)


def test_numbers_and_times_keep_their_kind_when_they_are_written_down(stage: Put) -> None:
    drawn = process(
        "p",
        start(),
        script("x", "0.1 + 0.2", "n"),
        script("d", 'date("2026-03-02")', "d"),
        user("a"),
        script("y", "n + 0.7", "m"),
        script("z", 'string(d + duration("P1D"))', "e"),
        user("b"),
        flows("s -> x -> d -> a -> y -> z -> b"),
    )
    play = stage(drawn).start().complete("a")
    assert play.variables["m"] == Decimal("1.0")
    assert play.variables["e"] == "2026-03-03"


def test_drawings_of_data_change_nothing(stage: Put) -> None:
    data = (
        '<dataObject id="do"/><dataObjectReference id="dor" dataObjectRef="do"/>'
        '<dataStoreReference id="dsr"/><textAnnotation id="ta"><text>说明</text></textAnnotation>'
        '<association id="as" sourceRef="a" targetRef="ta"/><group id="gr"/>'
    )
    linked = (
        '<ioSpecification><inputSet/><outputSet/></ioSpecification><dataInputAssociation id="di">'
        "<sourceRef>dor</sourceRef></dataInputAssociation>"
        '<dataOutputAssociation id="dd"><targetRef>dsr</targetRef></dataOutputAssociation>'
    )
    drawn = process("p", data, start(), user("a", "court_handler", linked), flows("s -> a"))
    assert stage(drawn).start().complete("a").ended


def test_a_built_in_topic_runs_at_once_and_may_answer_with_an_error(stage: Put) -> None:
    task = element("serviceTask", "t", io(in_k="${n}"), camunda_type="external", camunda_topic="x")
    drawn = process(
        "p",
        start(),
        task,
        border("b", "t", error()),
        user("repair"),
        user("after"),
        flows("s -> t -> after", "b -> repair"),
        around=NAMED,
    )
    play = stage(drawn)

    def answer(node: object, task_id: str, given: dict[str, object], seen: object) -> object:
        if given["k"] == 0:
            raise BpmnError("bad")
        return {"r": given["k"]}

    play.host.topics["x"] = answer
    assert play.start(n=5).variables == {"n": 5, "r": 5}
    assert play.open() == ["after"]
    assert play.start(n=0).open() == ["repair"]


def test_an_external_task_waits_for_its_worker(stage: Put) -> None:
    task = element("serviceTask", "t", camunda_type="external", camunda_topic="outside")
    drawn = process("p", start(), task, user("after"), flows("s -> t -> after"))
    play = stage(drawn).start()
    assert play.open() == ["t"]
    play.complete("t", r=1)
    assert (play.open(), play.variables) == (["after"], {"r": 1})


def test_a_decision_gives_its_result_in_the_shape_that_is_asked_for(stage: Put) -> None:
    shapes = {
        "singleEntry": 1,
        "singleResult": {"a": 1},
        "collectEntries": [1, 2],
        "resultList": [{"a": 1}, {"a": 2}],
    }
    for shape, expected in shapes.items():
        task = element(
            "businessRuleTask",
            "t",
            camunda_decisionRef="d",
            camunda_resultVariable="r",
            camunda_mapDecisionResult=shape,
        )
        play = stage(process("p", start(), task, user("u"), flows("s -> t -> u")))
        play.host.decisions["d"] = [{"a": 1}, {"a": 2}]
        assert play.start().variables["r"] == expected


def test_plain_and_manual_tasks_are_passed(stage: Put) -> None:
    drawn = process(
        "p",
        start(),
        element("task", "a"),
        element("manualTask", "b"),
        user("c"),
        flows("s -> a -> b -> c"),
    )
    assert stage(drawn).start().open() == ["c"]
