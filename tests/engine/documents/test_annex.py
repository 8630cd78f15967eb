"""The three notices that the Nanzhao rules annex, word for word with the text of the annex.

The annex stands in `workflows/norms/clauses.yaml` as it was printed. A notice is filled with sample
data; where those are taken out again, the annex must remain: its words, in its order.
"""

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from engine.letters import MISSING, Filled, fill, read_letter
from tests.engine.documents import letters

WORKFLOWS = Path(__file__).parents[3] / "workflows"
PLACES = {"TPL-01": "附件通知书1", "TPL-02": "附件通知书2", "TPL-03": "附件通知书3"}
AS_PRINTED = {"TPL-01": {"、第二百四十四条": ""}, "TPL-03": {"第六十七条": "第六十七"}}
"""Where a notice says more than the annex: the article on seizure stands beside the one on
property (document_templates.md, TPL-01); the annex lost the 条 of 第六十七条 (AMB-08)."""
WIDE = str.maketrans(",:()", "，：（）")
CASE = {
    **letters.CASE,
    "filed_on": date(2021, 6, 1),
    "enforcement_status": "执行中",
    "claim_amount": None,
    "claim_act": "交付车辆",
}
VEHICLES = [{"plate_no": "豫R00001", "vin": "LSV00000000000001", "owner_name": "张某某"}]
SUBJECT = {**letters.PERSON, "subject_kind": "自然人", "query_categories": ["I", "IV"]}
KNOWN: dict[str, Any] = {
    "case": CASE,
    "handler": {"handler_name": "李某某", "handler_phone": "13000000001"},
    "number": "豫1321协通〔2021〕12号",
    "issued_on": date(2021, 11, 20),
    "vehicle_control_request": {"vehicles": VEHICLES},
    "lift_request": {"vehicles": VEHICLES},
    "query_request": {"subjects": [SUBJECT], "reply_days": None},
}
VALUES = (
    "王某某与张某某民间借贷纠纷", "张某某", letters.NUMBER, "豫R00001", "李某某", "赵某某",
    "13000000001", "13000000002",
)  # fmt: skip


def filled(template: str, **names: Any) -> Filled:
    [path] = WORKFLOWS.glob(f"*/letters/{template}.yaml")
    letter = read_letter(path.name, path.read_bytes())
    return fill(letter, letters.names(**{**KNOWN, **names}))


def annex(template: str, chosen: dict[str, str]) -> list[str]:
    """The paragraphs of one notice, of its alternatives the chosen ones."""
    clauses = yaml.safe_load((WORKFLOWS / "norms" / "clauses.yaml").read_text("utf-8"))["clauses"]
    texts = [one["text"] for one in clauses if one["place"].startswith(PLACES[template])]
    found = []
    for text in map(plain, texts):
        for alternatives, choice in chosen.items():
            text = text.replace(plain(alternatives), choice)
        # The printed annex breaks this sentence in the middle.
        found[-1:] = [found[-1] + text] if text.startswith("中，") else [*found[-1:], text]
    return found


def plain(text: str) -> str:
    """Full-width signs, no blanks: the printed annex mixes them."""
    return re.sub(r"\s|X", "", text.translate(WIDE))


def without_values(template: str, text: str) -> str:
    """The paragraph as it stands in the form that nobody has filled in yet."""
    for value in VALUES:
        text = text.replace(value, "")
    for here, printed in AS_PRINTED.get(template, {}).items():
        text = text.replace(here, printed)
    return plain(text)


def in_order(template: str, letter: Filled, wanted: list[str]) -> list[str]:
    """Paragraphs of the annex that the notice does not say in this order."""
    said = iter([without_values(template, block.text) for block in letter.blocks])
    return [text for text in wanted if not any(text == one for one in said)]


MEASURES = [
    ("TPL-02", {"measure": one}, {"拘留(拘传)": one, "拘留决定书(拘传票)": attached})
    for one, attached in (("拘传", "拘传票"), ("拘留", "拘留决定书"))
]
ACTIONS = [
    (
        "TPL-01",
        {"notice_action": before + "扣押"},
        {"(解除)协助扣押(查封)车辆台": before + "协助扣押车辆1台",
         "(解除)扣押(查封)": before + "扣押"},
    )
    for before in ("", "解除")
]  # fmt: skip
QUERIES = [
    ("TPL-03", {}, {"立即(日内)": "立即"}),
    (
        "TPL-03",
        {"query_request": {"subjects": [SUBJECT], "reply_days": 2}},
        {"立即(日内)": "立即（2日内）"},
    ),
]


@pytest.mark.parametrize(("template", "names", "chosen"), [*ACTIONS, *MEASURES, *QUERIES])
def test_a_notice_says_what_the_annex_says_in_its_words_and_order(
    template: str, names: dict[str, Any], chosen: dict[str, str]
) -> None:
    letter = filled(template, **names)
    title, kind, number, addressee, *body = annex(template, chosen)
    assert title.endswith(letter.title)
    assert letter.head.endswith(title.removesuffix(letter.title))
    assert plain(letter.subtitle) == kind
    assert number == "（20）豫13执号"
    assert re.fullmatch(r"（20\d\d）豫13\d\d执\d+号", letter.reference)
    assert letter.blocks[0].text.endswith(addressee)
    dates = [text for text in body if text == "二〇年月日"]
    assert len(dates) == 1
    assert [one.text for one in letter.blocks if one.kind == "date"] == ["二〇二一年十一月二十日"]
    wanted = [text for text in body if text not in dates]
    if template == "TPL-03":
        wanted[-2:] = ["".join(wanted[-2:])]
    assert in_order(template, letter, wanted) == []


@pytest.mark.parametrize(("template", "names", "chosen"), [*ACTIONS, *MEASURES, *QUERIES])
def test_every_blank_of_a_notice_is_filled(
    template: str, names: dict[str, Any], chosen: dict[str, str]
) -> None:
    letter = filled(template, **names)
    assert letter.missing == ()
    assert MISSING not in "".join(block.text for block in letter.blocks)


@pytest.mark.parametrize("template", PLACES)
def test_a_blank_that_cannot_be_filled_is_marked(template: str) -> None:
    letter = filled(
        template, case={**CASE, "case_no": None, "case_name": None}, notice_action="扣押"
    )
    assert letter.reference == MISSING
    assert MISSING in letter.blocks[1].text
