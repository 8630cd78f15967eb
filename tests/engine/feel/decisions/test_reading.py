"""Files as tools write them: every version of DMN, Camunda's attributes, and what is refused."""

import pytest

from engine.errors import Refusal
from engine.feel.decisions import load
from engine.feel.decisions.markup import MODEL_NAMESPACES
from tests.engine.feel.decisions.drawing import decision, feel, file, input_data, literal, model

CAMUNDA = (
    'xmlns:camunda="http://camunda.org/schema/1.0/dmn" exporter="Camunda Modeler" '
    'exporterVersion="5.20.0"'
)
DISH = """
<decision id="dish" name="Dish"><informationRequirement><requiredDecision href="#season_decision"/>
</informationRequirement><decisionTable hitPolicy="FIRST">
<input id="i1" label="Season"><inputExpression typeRef="string"><text>season</text>
</inputExpression></input>
<input id="i2" label="guests" camunda:inputVariable="guests"><inputExpression typeRef="integer"
 expressionLanguage="juel"><text>guestCount</text></inputExpression></input>
<output id="o1" name="desiredDish" typeRef="string"/>
<rule id="r1"><inputEntry><text>"Winter"</text></inputEntry>
<inputEntry><text>guests &gt; 5</text></inputEntry>
<outputEntry><text>"stew"</text></outputEntry></rule>
<rule id="r2"><description>any</description><inputEntry><text/></inputEntry>
<inputEntry><text>&lt;= 5</text></inputEntry>
<outputEntry><text>"salad"</text></outputEntry></rule>
</decisionTable></decision>
<decision id="season_decision" name="Season Of The Year"><decisionTable>
<input id="i3"><inputExpression typeRef="integer">
<text>${temperature}</text></inputExpression></input>
<output id="o2" name="season" typeRef="string"/>
<rule><inputEntry><text>&gt; 20</text></inputEntry>
<outputEntry><text>"Summer"</text></outputEntry></rule>
<rule><inputEntry><text>&lt;= 20</text></inputEntry>
<outputEntry><text>"Winter"</text></outputEntry></rule>
</decisionTable></decision>
"""


@pytest.mark.parametrize("namespace", MODEL_NAMESPACES)
def test_every_version_of_dmn_is_read(namespace):
    drawn = model(decision("d", literal("1 + 1")), dmn=namespace)
    assert drawn.evaluate("d", {}).value == 2


def test_a_file_of_the_camunda_modeler_runs_as_drawn():
    drawn = load(file(DISH, extra=CAMUNDA), "dinner.dmn")
    assert drawn.problems == ()

    def dish(temperature, guests):
        context = {"temperature": feel(temperature), "guestCount": feel(guests)}
        return drawn.evaluate("dish", context).value

    assert dish(5, 8) == "stew"
    assert dish(30, 4) == "salad"
    assert dish(30, 8) is None


def test_variables_that_nothing_declares_are_required_inputs_too():
    drawn = load(file(DISH, extra=CAMUNDA), "dinner.dmn")
    assert [one.name for one in drawn.required_inputs("dish")] == ["guestCount", "temperature"]


def test_a_rule_keeps_its_description():
    drawn = load(file(DISH, extra=CAMUNDA), "dinner.dmn")
    result = drawn.evaluate("dish", {"temperature": feel(30), "guestCount": feel(4)})
    assert [(rule.id, rule.description) for rule in result.matched_rules][-1] == ("r2", "any")


@pytest.mark.parametrize(
    ("element", "code", "found"),
    [
        ('<decision id="a" name="a"/><decision id="a" name="b"/>', "dmn.duplicate_id", "a"),
        ("<decision/>", "dmn.attribute_missing", None),
        (
            '<decision name="a"><literalExpression expressionLanguage="python"><text>1</text>'
            "</literalExpression></decision>",
            "dmn.language",
            "python",
        ),
        (
            '<decision name="a"><decisionTable hitPolicy="LAST"><output/></decisionTable>'
            "</decision>",
            "dmn.choice",
            "LAST",
        ),
        (
            '<decision name="a"><decisionTable><output/><rule/></decisionTable></decision>',
            "dmn.rule_width",
            "0+0",
        ),
        (
            '<decision name="a"><informationRequirement><requiredDecision href="#z"/>'
            "</informationRequirement></decision>",
            "dmn.reference",
            "z",
        ),
        (
            '<decision name="a"><conditional><if/></conditional></decision>',
            "dmn.child_missing",
            None,
        ),
    ],
)
def test_what_is_refused_names_file_line_and_what_was_found(element, code, found):
    with pytest.raises(Refusal) as refused:
        load(file("<!-- line 2 -->", element), "bad.dmn")
    error = refused.value
    assert (error.code, error.params["file"], error.params["line"]) == (code, "bad.dmn", 3)
    assert error.params.get("found") == found


def test_what_is_not_dmn_is_refused():
    with pytest.raises(Refusal) as refused:
        load(b"<definitions xmlns='http://www.omg.org/spec/BPMN/20100524/MODEL'/>", "x.dmn")
    assert refused.value.code == "dmn.not_dmn"


def test_comments_and_white_space_inside_a_text_are_no_part_of_it():
    text = "<literalExpression><text>\n 1 <!-- one --> + 2\n</text></literalExpression>"
    assert model(decision("d", text)).evaluate("d", {}).value == 3


def test_names_are_the_same_whatever_white_space_is_in_them():
    drawn = model(
        input_data("Full  Name"), decision("d", literal("Full Name"), inputs=("Full  Name",))
    )
    assert drawn.evaluate("d", {"Full Name": "li"}).value == "li"
