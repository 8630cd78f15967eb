"""失信名单 through the topics `discipline.…` (procedures B19, B20)."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from engine import case_files
from engine.attachments import store_file
from engine.bpmn.faults import Fault
from engine.feel import from_python, to_python
from engine.store.models import Attachment, AuditRow, DisciplineEntry, DisciplineUse
from engine.verbs import unit_of_work
from forms.adapter import FormsAdapter
from forms.context import FormSettings
from tests.engine.drawing import element, flows, process, user
from tests.engine.house import COURT, House
from tests.engine.topics.drawing import topic

NUMBER, OTHER = "411321180001010005", "411321180001010101"
PASSPORT, CODE = "E12345678", "91410000MA0000000W"
LINES = f"证件号码,名称,文号\n{NUMBER},王建国,（2026）豫1321失信1号\n4113211800010100,张三,\n"


@pytest.fixture
def listing(house: House) -> House:
    """A house in which identity numbers of tests are accepted, as in rehearsals."""
    house.engine.forms = FormsAdapter(FormSettings(test_identities=True))
    return house


def run(house: House, *topics: str) -> str:
    """An instance that stands before each of the topics in turn, at `w0`, `w1`, …"""
    waits = [user(f"w{at}") for at in range(len(topics) + 1)]
    path = " -> ".join(f"w{at} -> t{at}" for at in range(len(topics)))
    ends = f"s -> {path} -> w{len(topics)}"
    return house.run(process("p", element("startEvent", "s"), *waits, *topics, flows(ends)))


def know(house: House, instance_id: str, values: dict[str, Any]) -> None:
    key = house.instance(instance_id).business_key
    with unit_of_work(house.engine, "system") as unit:
        known = case_files.read(unit, COURT, key)
        fresh = {name: from_python(value) for name, value in values.items()}
        case_files.write(unit, COURT, key, {**known, **fresh})


def known(house: House, instance_id: str, key: str) -> Any:
    request = house.instance(instance_id).business_key
    with unit_of_work(house.engine, "system") as unit:
        return to_python(case_files.read(unit, COURT, request)[key])


def uploaded(house: House, instance_id: str, content: bytes) -> list[str]:
    """A file that a submitted form has claimed for the request."""
    id = store_file(house.engine, "handler", "名单.csv", "text/csv", content)
    request = house.instance(instance_id).business_key
    with house.engine.database.write() as session:
        session.execute(update(Attachment).where(Attachment.id == id).values(business_key=request))
    return [id]


def test_every_number_of_a_listed_person_is_an_entry_masked_and_found_by_exact_key(
    listing: House,
) -> None:
    instance = run(
        listing,
        topic("t0", "discipline.add", valid_to="2028-03-01", decision="失信1号", court="某法院"),
        topic("t1", "discipline.match", rows="matter.subjects"),
    )
    others = [{"doc_type": "普通护照", "doc_no": PASSPORT}]
    know(
        listing,
        instance,
        {
            "FG-PERSON.name": "王建国",
            "FG-PERSON.doc_no": NUMBER,
            "FG-PERSON.other_documents": others,
        },
    )
    listing.complete("w0")
    entries = listing.rows(select(DisciplineEntry))
    assert len(entries) == 2
    assert all(NUMBER.encode() not in one.masked for one in entries)
    assert {one.valid_to for one in entries} == {datetime(2028, 3, 1, 16, tzinfo=UTC)}

    asked = [{"name": "王建国", "doc_no": OTHER}, {"name": "别名", "doc_no": " e12345678 "}]
    know(listing, instance, {"matter.subjects": asked})
    listing.complete("w1")
    (hit,) = known(listing, instance, "discipline.hits")
    assert hit["number"] == "*******78"
    assert (hit["name"], hit["decision"], hit["court"]) == ("王某", "失信1号", "某法院")
    found = listing.variables(instance)
    assert (len(found["list_hits"]), len(found["list_requests"])) == (1, 1)


def test_the_same_name_with_another_number_is_no_hit(listing: House) -> None:
    instance = run(
        listing, topic("t0", "discipline.add"), topic("t1", "discipline.match", rows="m.s")
    )
    know(listing, instance, {"FG-PERSON.name": "王建国", "FG-PERSON.doc_no": NUMBER})
    know(listing, instance, {"m.s": [{"name": "王建国", "doc_no": OTHER}]})
    listing.complete("w0")
    listing.complete("w1")
    assert len(listing.variables(instance)["list_hits"]) == 0


def test_an_entry_whose_term_is_over_matches_no_more(listing: House) -> None:
    instance = run(
        listing,
        topic("t0", "discipline.add", valid_to="2026-03-05"),
        topic("t1", "discipline.match"),
    )
    know(listing, instance, {"FG-PERSON.doc_no": NUMBER})
    listing.complete("w0")
    listing.clock.advance(timedelta(days=4))
    listing.complete("w1")
    assert len(listing.variables(instance)["list_hits"]) == 0


def test_nobody_without_a_number_is_listed(listing: House) -> None:
    instance = run(listing, topic("t0", "discipline.add"))
    know(listing, instance, {"FG-PERSON.name": "王建国"})
    listing.complete("w0")
    assert listing.rows(select(DisciplineEntry)) == []
    assert listing.variables(instance)["list_entries"] == 0


def test_each_use_is_recorded_and_what_restricts_is_looked_at_when_the_entry_goes(
    listing: House,
) -> None:
    instance = run(
        listing,
        topic("t0", "discipline.add"),
        topic("t1", "discipline.match"),
        topic("t2", "discipline.use", rows="confirm.hits"),
        topic("t3", "discipline.remove", reason="申请人书面申请"),
        topic("t4", "discipline.match", reason="申请人书面申请"),
    )
    know(listing, instance, {"FG-PERSON.doc_no": NUMBER})
    listing.complete("w0")
    listing.complete("w1")
    (hit,) = known(listing, instance, "discipline.hits")
    decided = [{**hit, "restriction": "限制"}, {**hit, "restriction": "不限制"}]
    know(listing, instance, {"confirm.hits": decided})
    listing.complete("w2")
    assert len(listing.rows(select(DisciplineUse))) == 2
    used = select(AuditRow).where(AuditRow.action == "discipline.used")
    assert [row.detail["restriction"] for row in listing.rows(used)] == ["限制", "不限制"]

    listing.complete("w3")
    number = listing.instance(instance).business_key
    assert listing.variables(instance)["restrictions_to_review"] == [number]

    listing.complete("w4")
    assert len(listing.variables(instance)["list_hits"]) == 0
    assert listing.variables(instance)["list_removed_at"] == listing.clock.now()


@pytest.mark.parametrize(
    "encode",
    [str.encode, lambda text: text.encode("gb18030"), lambda text: text.encode("utf-8-sig")],
)
def test_a_list_file_is_entered_in_one_go_and_its_bad_lines_are_told_by_number(
    listing: House, encode: Callable[[str], bytes]
) -> None:
    instance = run(listing, topic("t0", "discipline.load", file="f.list", change="新增"))
    know(listing, instance, {"f.list": uploaded(listing, instance, encode(LINES))})
    listing.complete("w0")
    (entry,) = listing.rows(select(DisciplineEntry))
    assert NUMBER.encode() not in entry.masked
    assert known(listing, instance, "discipline.faults") == [
        {"line": "3", "fault": "不是有效的证件号码、统一社会信用代码"}
    ]
    found = listing.variables(instance)
    assert (found["list_entries"], found["list_faults"]) == (1, 1)


def test_a_file_takes_off_only_what_was_decided_by_the_decision_it_names(listing: House) -> None:
    instance = run(
        listing,
        topic("t0", "discipline.load", file="f.list", change="新增"),
        topic("t1", "discipline.load", file="f.gone", change="删除", reason="上级名单删除"),
        topic("t2", "discipline.load", file="f.right", change="删除", reason="上级名单删除"),
    )
    wrong = f"证件号码,文号\n{NUMBER},（2026）豫1302失信9号\n".encode()
    know(
        listing,
        instance,
        {
            "f.list": uploaded(listing, instance, LINES.encode()),
            "f.gone": uploaded(listing, instance, wrong),
            "f.right": uploaded(listing, instance, LINES.encode()),
        },
    )
    listing.complete("w0")
    listing.complete("w1")
    assert listing.variables(instance)["list_entries"] == 0
    listing.complete("w2")
    assert listing.variables(instance)["list_entries"] == 1
    (entry,) = listing.rows(select(DisciplineEntry))
    assert entry.removed_for == "上级名单删除"


def test_many_are_compared_from_a_file(listing: House) -> None:
    instance = run(
        listing,
        topic("t0", "discipline.load", file="f.list", change="新增"),
        topic("t1", "discipline.match", file="m.file"),
    )
    asked = f"证件号码\n{OTHER}\n{NUMBER}\n".encode()
    know(
        listing,
        instance,
        {
            "f.list": uploaded(listing, instance, LINES.encode()),
            "m.file": uploaded(listing, instance, asked),
        },
    )
    listing.complete("w0")
    listing.complete("w1")
    assert len(listing.variables(instance)["list_hits"]) == 1


def test_a_file_that_is_none_of_the_request_is_refused(listing: House) -> None:
    instance = run(listing, topic("t0", "discipline.load", file="f.list", change="新增"))
    know(listing, instance, {"f.list": ["no-such-file"]})
    with pytest.raises(Fault, match=r"file\.unknown"):
        listing.complete("w0")
    assert listing.rows(select(DisciplineEntry)) == []
