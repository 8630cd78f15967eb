"""Requirement graphs: what a node sees, services, business knowledge, imports, types."""

from decimal import Decimal

import pytest

from engine.errors import LiandongError, NotFound, Refusal
from engine.feel.decisions import load
from engine.feel.errors import FeelLimitExceeded
from tests.engine.feel.decisions.drawing import (
    MODEL,
    ask,
    decision,
    file,
    input_data,
    item,
    knowledge,
    literal,
    model,
    value,
)

A, B = input_data("a", "number"), input_data("b", "number")


def test_a_decision_sees_what_it_requires_and_nothing_else():
    sees, not_ = decision("sees", literal("a"), inputs=("a",)), decision("not", literal("b"))
    drawn = model(A, B, sees, not_)
    assert value(drawn, "sees", a=1, b=2) == 1
    assert value(drawn, "not", a=1, b=2) is None


def test_a_required_decision_is_evaluated_once_and_before():
    drawn = model(
        A,
        decision("base", literal("a + 1"), inputs=("a",)),
        decision("left", literal("base * 2"), decisions=("base",)),
        decision("right", literal("base * 3"), decisions=("base",)),
        decision("top", literal("left + right"), decisions=("left", "right")),
    )
    result = drawn.evaluate("top", {"a": Decimal(1)}, trace=True)
    assert result.value == 10
    assert [step.place.name for step in result.trace] == ["base", "left", "right", "top"]


def test_names_with_spaces_and_signs_are_found():
    drawn = model(
        input_data("办理 时限-小时", "number"),
        decision("下一 步", literal("办理 时限-小时 + 1"), inputs=("办理 时限-小时",)),
    )
    assert value(drawn, "下一 步", **{"办理 时限-小时": 2}) == 3


def test_business_knowledge_is_called_by_position_and_by_name():
    drawn = model(
        A,
        knowledge("difference", "x:number,y:number", literal("x - y"), "number"),
        decision(
            "both",
            literal("difference(a, 1) * difference(y: a, x: 0)"),
            inputs=("a",),
            knowledge=("difference",),
        ),
    )
    assert value(drawn, "both", a=5) == -20


def test_an_argument_of_a_wrong_type_makes_the_call_null_with_a_reason():
    drawn = model(
        knowledge("always", "x:number", literal("1")),
        decision("call", literal('always("text")'), knowledge=("always",)),
    )
    result = ask(drawn, "call")
    assert result.value is None
    assert result.reasons


def test_a_boxed_invocation_binds_by_name():
    bindings = "".join(
        f'<binding><parameter name="{name}"/>{literal(text)}</binding>'
        for name, text in (("y", "1"), ("x", "9"))
    )
    invoked = f"<invocation>{literal('f')}{bindings}</invocation>"
    drawn = model(knowledge("f", "x,y", literal("x - y")), decision("d", invoked, knowledge=("f",)))
    assert value(drawn, "d") == 8


SERVICE = (
    '<decisionService id="s" name="s"><variable name="s"/><outputDecision href="#out"/>'
    '<encapsulatedDecision href="#inner"/><inputDecision href="#given"/><inputData href="#a"/>'
    "</decisionService>"
)


def test_a_decision_service_takes_input_data_then_input_decisions():
    drawn = model(
        A,
        SERVICE,
        decision("given", literal("100")),
        decision("inner", literal("a * 2"), inputs=("a",)),
        decision("out", literal("inner + given"), decisions=("inner", "given")),
        decision("call", literal("s(3, 1000)"), knowledge=("s",)),
    )
    assert value(drawn, "call") == 1006
    assert value(drawn, "s", a=3, given=1) == 7


def test_java_functions_are_never_run():
    java = '<functionDefinition kind="Java"><formalParameter name="x"/></functionDefinition>'
    entry = f'<contextEntry><variable name="f"/>{java}</contextEntry>'
    call = f"<contextEntry>{literal('f(1)')}</contextEntry>"
    result = ask(model(decision("d", f"<context>{entry}{call}</context>")), "d")
    assert result.value is None
    assert [reason.code for reason in result.reasons] == ["dmn.function.external"]


def test_a_decision_without_logic_is_made_outside_and_given():
    drawn = model(
        decision("outside", "", "number"),
        decision("d", literal("outside + 1"), decisions=("outside",)),
    )
    assert value(drawn, "d", outside=1) == 2
    assert value(drawn, "d") is None


# -- types ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("type_name", "text", "expected"),
    [
        ("number", "[5]", 5),
        ("tNumbers", "5", [5]),
        ("number", '"5"', None),
        ("tSmall", "7", 7),
        ("tSmall", "70", None),
        ("tSmalls", "[1, 70]", None),
        ("tSmalls", "[1, 7]", [1, 7]),
    ],
)
def test_a_result_is_brought_to_its_declared_type_or_null(type_name, text, expected):
    drawn = model(
        item("tNumbers", "number", many=True),
        item("tSmall", "number", "[0..9]"),
        item("tSmalls", "tSmall", many=True),
        decision("d", literal(text), type_name),
    )
    assert value(drawn, "d") == expected


PERSON = (
    '<itemDefinition name="tPerson"><itemComponent name="age"><typeRef>number</typeRef>'
    '</itemComponent><itemComponent name="born"><typeRef>date</typeRef></itemComponent>'
    "</itemDefinition>"
)


def test_what_is_left_out_of_an_input_is_null_and_what_a_decision_leaves_out_is_an_error():
    drawn = model(
        PERSON,
        input_data("p", "tPerson"),
        decision("age", literal("p.age"), inputs=("p",)),
        decision("person", literal("{age: 5}"), "tPerson"),
    )
    assert value(drawn, "age", p={"age": 5}) == 5
    assert ask(drawn, "person").reasons[0].code == "dmn.type"


def test_a_date_becomes_a_date_and_time_where_that_is_declared():
    drawn = model(
        decision("d", literal('date("2026-03-02")'), "dateTime"),
        decision("e", literal('d = date and time("2026-03-02T00:00:00Z")'), decisions=("d",)),
    )
    assert value(drawn, "e") is True


def test_item_definitions_are_types_of_feel_too():
    drawn = model(
        item("tNumbers", "number", many=True),
        decision("d", literal("[1, 2] instance of tNumbers")),
    )
    assert value(drawn, "d") is True


def test_a_type_nobody_defined_is_a_problem():
    drawn = model(decision("d", literal("1"), "tNowhere"))
    assert [(p.code, p.params["found"]) for p in drawn.problems] == [
        ("dmn.type_unknown", "tNowhere")
    ]


# -- imports --------------------------------------------------------------------------------

IMPORTED = file(
    input_data("who", "string"),
    item("tGreeting", "string"),
    knowledge("shout", "t:string", literal('upper case(t) + "!"')),
    decision("greeting", literal('"hello " + who'), inputs=("who",)),
    namespace="urn:greet",
)


def importing(*elements: str, name: str = "lib", namespace: str = "urn:greet") -> bytes:
    written = (
        f'<import name="{name}" namespace="{namespace}" locationURI="greet.dmn" '
        f'importType="{MODEL}"/>'
    )
    return file(written, *elements)


def foreign(kind: str, requirement: str, name: str) -> str:
    return f'<{requirement}><{kind} href="urn:greet#{name}"/></{requirement}>'


def test_elements_of_an_imported_model_are_seen_under_its_name():
    body = (
        foreign("requiredDecision", "informationRequirement", "greeting")
        + foreign("requiredKnowledge", "knowledgeRequirement", "shout")
        + literal("lib.shout(lib.greeting)")
    )
    variable = '<variable name="d" typeRef="lib.tGreeting"/>'
    source = importing(f'<decision id="d" name="d">{variable}{body}</decision>')
    drawn = load(source, "test.dmn", imports={"greet.dmn": IMPORTED})
    assert drawn.problems == ()
    result = drawn.evaluate("d", {"lib": {"who": "wang"}})
    assert result.value == "HELLO WANG!"
    assert [(one.path, one.name) for one in drawn.required_inputs("d")] == [(("lib",), "who")]


def test_an_import_without_a_name_needs_no_prefix():
    body = foreign("requiredDecision", "informationRequirement", "greeting")
    source = importing(
        f'<decision id="d" name="d"><variable name="d"/>{body}{literal("greeting")}</decision>',
        name="",
    )
    drawn = load(source, "test.dmn", imports={"urn:greet": IMPORTED})
    assert drawn.evaluate("d", {"who": "li"}).value == "hello li"


@pytest.mark.parametrize(
    ("imports", "code"),
    [
        (None, "dmn.import_missing"),
        ({"greet.dmn": file(namespace="urn:other")}, "dmn.import_namespace"),
    ],
)
def test_an_import_that_cannot_be_met_is_refused_at_its_line(imports, code):
    with pytest.raises(Refusal) as refused:
        load(importing(), "test.dmn", imports=imports)
    assert (refused.value.code, refused.value.params["line"]) == (code, 2)


def test_models_that_import_each_other_are_refused():
    with pytest.raises(Refusal) as refused:
        load(importing(), "test.dmn", imports=lambda wanted: file(
            f'<import name="back" namespace="urn:test" importType="{MODEL}"/>',
            namespace=wanted.namespace,
        ))  # fmt: skip
    assert refused.value.code == "dmn.import_cycle"


def test_inputs_of_an_imported_model_are_found_among_the_variables_too():
    body = foreign("requiredDecision", "informationRequirement", "greeting")
    source = importing(
        f'<decision id="d" name="d"><variable name="d"/>{body}{literal("lib.greeting")}</decision>'
    )
    drawn = load(source, "test.dmn", imports={"greet.dmn": IMPORTED})
    assert drawn.evaluate("d", {"who": "li"}).value == "hello li"


def test_a_model_imported_along_two_ways_has_its_own_inputs_on_each():
    def between(namespace: str) -> bytes:
        required = foreign("requiredDecision", "informationRequirement", "greeting")
        return file(
            f'<import name="greet" namespace="urn:greet" importType="{MODEL}"/>',
            f'<decision id="m" name="m"><variable name="m"/>{required}'
            f"{literal('upper case(greet.greeting)')}</decision>",
            namespace=namespace,
        )

    sources = {"urn:greet": IMPORTED, "urn:b": between("urn:b"), "urn:c": between("urn:c")}
    top = file(
        *(
            f'<import name="{name}" namespace="{namespace}" importType="{MODEL}"/>'
            for name, namespace in (("model B", "urn:b"), ("model C", "urn:c"))
        ),
        '<decision id="d" name="d"><variable name="d"/>',
        '<informationRequirement><requiredDecision href="urn:b#m"/></informationRequirement>',
        '<informationRequirement><requiredDecision href="urn:c#m"/></informationRequirement>',
        literal("model B.m + model C.m") + "</decision>",
    )
    drawn = load(top, "top.dmn", imports=sources)
    given = {
        "model B": {"greet": {"who": "li"}},
        "model C": {"greet": {"who": "wu"}},
    }
    assert drawn.evaluate("d", given).value == "HELLO LIHELLO WU"


# -- what is refused ------------------------------------------------------------------------


def test_a_decision_that_requires_itself_is_refused():
    with pytest.raises(Refusal) as refused:
        model(
            decision("a", literal("b"), decisions=("b",)),
            decision("b", literal("a"), decisions=("a",)),
        )
    assert refused.value.code == "dmn.cycle"


def test_a_text_that_is_no_feel_is_a_problem_and_refused_when_it_is_needed():
    drawn = model(decision("bad", literal("1 +")), decision("good", literal("2")))
    assert [problem.params["id"] for problem in drawn.problems] == [None]
    assert drawn.problems[0].code == "dmn.expression"
    assert value(drawn, "good") == 2
    with pytest.raises(Refusal) as refused:
        drawn.evaluate("bad", {})
    assert refused.value.params["file_line"] == 2


def test_an_unknown_decision_names_those_there_are():
    with pytest.raises(NotFound) as missing:
        model(decision("a", literal("1"))).evaluate("z", {})
    assert missing.value.params["expected"] == ["a"]


def test_diamonds_upon_diamonds_are_walked_once():
    layers = 40
    drawn = [A]
    below = ("a",)
    for layer in range(layers):
        kind = "inputs" if layer == 0 else "decisions"
        drawn += [
            decision(f"{side}{layer}", literal(" + ".join(below)), **{kind: below})
            for side in ("l", "r")
        ]
        below = (f"l{layer}", f"r{layer}")
    assert value(model(*drawn), "l39", a=1) == 2**39
    assert [one.name for one in model(*drawn).required_inputs("l39")] == ["a"]


# -- bombs ----------------------------------------------------------------------------------


def test_types_that_share_their_parts_are_read_once():
    types = [item("t0", "number", "[0..9]")]
    types += [
        f'<itemDefinition name="t{n}"><itemComponent name="a"><typeRef>t{n - 1}</typeRef>'
        f'</itemComponent><itemComponent name="b"><typeRef>t{n - 1}</typeRef></itemComponent>'
        "</itemDefinition>"
        for n in range(1, 60)
    ]
    drawn = model(*types, decision("d", literal("{a: null, b: null}"), "t59"))
    assert value(drawn, "d") == {"a": None, "b": None}


def test_imports_that_multiply_are_stopped():
    def source(n: int) -> bytes:
        imports = "".join(
            f'<import name="{side}" namespace="urn:{n + 1}" importType="{MODEL}"/>'
            for side in ("l", "r")
        )
        required = (
            f'<informationRequirement><requiredDecision href="urn:{n + 1}#d"/>'
            "</informationRequirement>"
        )
        logic = literal("l.d") if n < 40 else literal("1")
        return file(
            imports if n < 40 else "",
            f'<decision id="d" name="d">{required if n < 40 else ""}{logic}</decision>',
            namespace=f"urn:{n}",
        )

    drawn = load(source(0), "test.dmn", imports=lambda one: source(int(one.namespace[4:])))
    assert drawn.evaluate("d", {}).value == 1


def test_calls_and_tables_spend_the_budget_of_the_evaluation():
    drawn = model(
        knowledge("f", "x", literal("x")),
        decision(
            "d",
            literal("count(for i in 1..9999 return count(for j in 1..9999 return f(j)))"),
            knowledge=("f",),
        ),
    )
    with pytest.raises(FeelLimitExceeded):
        drawn.evaluate("d", {})


def test_boxes_within_boxes_without_end_are_refused():
    nested = "<list>" * 240 + literal("1") + "</list>" * 240
    try:
        drawn = model(decision("d", nested))
        drawn.evaluate("d", {})
    except LiandongError as error:
        assert error.code in ("xml.syntax", "dmn.nesting", "feel.limit.calls")
