"""Documents of a request: rendered, sealed, issued, edited, made again (procedures B1)."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import undefer

from engine import case_files, deployments
from engine.attachments import store_file
from engine.bpmn.faults import Fault
from engine.documents import editing, issuing, previewing, receipts, verifying
from engine.documents.sources import LIBRARY
from engine.errors import Conflict, Forbidden, NotFound, Refusal
from engine.letters import Edit
from engine.queries.documents import document_page, read_document
from engine.store.crypto import sm3
from engine.store.models import Agency, AuditRow, Document, Envelope, UserTask
from engine.verbs import unit_of_work
from tests.engine.documents import letters
from tests.engine.drawing import element, flows, process, properties, script, user
from tests.engine.house import BUREAU, COURT, House
from tests.engine.topics.drawing import topic

KNOWN = {
    **{f"FG-CASE.{key}": value for key, value in letters.CASE.items()},
    **{f"FG-PERSON.{key}": value for key, value in letters.PERSON.items()},
    **{f"FG-CONTACT.{key}": value for key, value in letters.CONTACT.items()},
}


def library() -> dict[str, bytes]:
    """The letters of the repository beside a diagram that uses them all the way."""
    files = {f"letters/{path.name}": path.read_bytes() for path in letters.FOLDER.iterdir()}
    return {**files, f"{LIBRARY}.bpmn": drawing(LIBRARY)}


def drawing(key: str, *inputs: str) -> bytes:
    return process(
        key,
        element("startEvent", "s"),
        script("what", '"拘传"', "measure"),
        user("draft"),
        topic("render", "document.render", template="TPL-02"),
        topic("warrant", "document.render", template="TPL-22", instrument="拘传票"),
        user("seal"),
        topic("sealing", "document.seal", seal_status="电子签章有效"),
        user("send"),
        topic("issue", "document.issue"),
        user("again"),
        flows(
            "s -> what -> draft -> render -> warrant -> seal -> sealing -> send -> issue -> again",
            "again -> draft",
        ),
    )


def drawing_again() -> bytes:
    """Rendered, read by somebody, rendered once more."""
    return process(
        "p",
        element("startEvent", "s"),
        script("what", '"拘传"', "measure"),
        user("first"),
        topic("render", "document.render", template="TPL-02"),
        user("second"),
        topic("final", "document.render", template="TPL-02", stage="定稿"),
        user("after"),
        flows("s -> what -> first -> render -> second -> final -> after"),
    )


@pytest.fixture
def request_id(house: House) -> str:
    """An instance whose case file is full, waiting for its draft."""
    house.deploy(LIBRARY, library())
    instance = house.start(LIBRARY)
    with unit_of_work(house.engine, "system") as unit:
        case_files.write(unit, COURT, house.instance(instance).business_key, KNOWN)
    return instance


def documents(house: House, **where: Any) -> list[Document]:
    query = select(Document).filter_by(**where).order_by(Document.number, Document.version)
    return house.rows(query.options(undefer(Document.pdf), undefer(Document.docx)))


def test_both_papers_are_made_numbered_and_kept_with_their_digests(
    house: House, request_id: str
) -> None:
    house.complete("draft")
    warrant, notice = sorted(documents(house), key=lambda one: one.template, reverse=True)
    assert (notice.template, notice.title, notice.state) == ("TPL-02", "协助执行通知书", "draft")
    assert (warrant.template, warrant.title) == ("TPL-22", "拘传票")
    assert notice.number == f"{COURT}协通〔2026〕1号"
    assert notice.pdf_sm3 == sm3(notice.pdf or b"")
    assert notice.docx_sm3 == sm3(notice.docx or b"")
    variables = house.variables(request_id)
    assert variables["document_no"] == warrant.number
    assert variables["document_missing"] >= 0


def test_numbers_are_counted_without_gaps(house: House, request_id: str) -> None:
    house.complete("draft")
    house.start(LIBRARY)
    (task,) = [task for task in house.tasks() if task.element_id == "draft"]
    house.complete("draft")
    assert {one.number for one in documents(house, template="TPL-02")} == {
        f"{COURT}协通〔2026〕1号",
        f"{COURT}协通〔2026〕2号",
    }
    assert task.instance_id != request_id


def test_two_templates_of_one_series_share_its_numbers(house: House) -> None:
    """Given two letters numbered 协通, when both are made, then no number is given twice."""
    text = (letters.FOLDER / "TPL-02.yaml").read_text("utf-8")
    other = text.replace("id: TPL-02", "id: TPL-99").encode()
    drawn = process(
        LIBRARY,
        element("startEvent", "s"),
        user("draft"),
        topic("one", "document.render", template="TPL-02"),
        topic("two", "document.render", template="TPL-99"),
        user("after"),
        flows("s -> draft -> one -> two -> after"),
    )
    files = {**library(), "letters/TPL-99.yaml": other, f"{LIBRARY}.bpmn": drawn}
    house.deploy(LIBRARY, files)
    house.start(LIBRARY)
    house.complete("draft")
    assert {one.template: one.number for one in documents(house)} == {
        "TPL-02": f"{COURT}协通〔2026〕1号",
        "TPL-99": f"{COURT}协通〔2026〕2号",
    }


def test_an_agency_writes_its_own_letters_into_its_numbers(house: House, request_id: str) -> None:
    with house.engine.database.write() as session:
        session.get_one(Agency, COURT).settings = {"document_code": "召法"}
    house.complete("draft")
    assert documents(house, template="TPL-02")[0].number == "召法协通〔2026〕1号"


def test_a_document_is_sealed_before_it_is_issued(house: House, request_id: str) -> None:
    house.complete("draft")
    house.complete("seal")
    assert {one.state for one in documents(house)} == {"sealed"}
    house.complete("send")
    assert {one.state for one in documents(house)} == {"issued"}
    assert len(house.variables(request_id)["issued_documents"]) == 2
    said = house.rows(select(AuditRow.action).where(AuditRow.object_kind == "document"))
    assert sorted(said) == sorted(["document.rendered", "document.sealed", "document.issued"] * 2)


def test_nothing_is_issued_without_a_seal_and_nothing_sealed_without_a_draft(
    house: House,
) -> None:
    for name, code in (("issue", "document.not_sealed"), ("seal", "document.no_draft")):
        alone = process(
            name, element("startEvent", "s"), topic("t", f"document.{name}"), flows("s -> t")
        )
        house.deploy(name, alone)
        with pytest.raises(Fault) as fault:
            house.start(name)
        assert (fault.value.code, fault.value.element) == (code, "t")


def test_made_again_it_is_the_next_version_of_the_same_number_and_the_first_is_kept(
    house: House, request_id: str
) -> None:
    for step in ("draft", "seal", "send", "again", "draft"):
        house.complete(step)
    first, second = documents(house, template="TPL-02")
    assert (first.number, first.version, first.state) == (second.number, 1, "issued")
    assert (second.version, second.state) == (2, "draft")
    house.complete("seal")
    house.complete("send")
    first, second = documents(house, template="TPL-02")
    assert (first.state, second.state) == ("replaced", "issued")


def words(house: House, document_id: str, by: str = "handler") -> list[str]:
    return [one.now for one in editing.document_words(house.engine, by, document_id).paragraphs]


def printed(house: House, document_id: str, by: str = "handler") -> list[str]:
    found = previewing.document_pages(house.engine, by, document_id)
    return [block.text for block in found.filled.blocks]


def test_a_handler_edits_a_draft_with_a_reason_and_both_versions_are_kept(
    house: House, request_id: str
) -> None:
    house.complete("draft")
    (draft,) = documents(house, template="TPL-02")
    assert words(house, draft.id)[0] == "某县公安局："
    edited = editing.edit_document(
        house.engine, "handler", draft.id, {0: "某县公安局城关派出所："}, "更正主送单位"
    )
    before, after = documents(house, template="TPL-02")
    assert (before.id, before.state) == (draft.id, "replaced")
    assert (after.id, after.version, after.state) == (edited, 2, "draft")
    assert after.pdf_sm3 != before.pdf_sm3
    assert words(house, edited)[0] == "某县公安局城关派出所："
    page = document_page(house.engine, "handler", edited)
    assert page.edits == (Edit("某县公安局：", "某县公安局城关派出所："),)
    assert [one.version for one in page.versions] == [2, 1]
    house.complete("seal")
    assert [one.state for one in documents(house, template="TPL-02")] == ["replaced", "sealed"]


def test_an_edit_outlives_a_new_rendering_unless_the_facts_of_its_paragraph_change(
    house: House, request_id: str
) -> None:
    house.deploy("p", drawing_again())
    instance = house.start("p")
    key = house.instance(instance).business_key
    with unit_of_work(house.engine, "system") as unit:
        case_files.write(unit, COURT, key, KNOWN)
    house.complete("first")
    (draft,) = documents(house, instance_id=instance)
    texts = {0: "某县公安局城关派出所：", 2: "协助拘传并立即通知我院"}
    editing.edit_document(house.engine, "handler", draft.id, texts, "补充")
    with unit_of_work(house.engine, "system") as unit:
        case_files.write(unit, COURT, key, {"FG-PERSON.name": "李某某"})
    house.complete("second")
    *_, last = documents(house, instance_id=instance)
    assert (last.version, last.state) == (3, "final")
    assert printed(house, last.id)[0] == "某县公安局城关派出所："
    assert printed(house, last.id)[2].startswith("协助拘传李某某")
    lost = document_page(house.engine, "handler", last.id).lost
    assert [edit.now for edit in lost] == ["协助拘传并立即通知我院"]


def test_where_not_one_word_has_changed_there_is_no_new_version_and_the_draft_becomes_final(
    house: House, request_id: str
) -> None:
    house.deploy("p", drawing_again())
    instance = house.start("p")
    house.complete("first")
    (draft,) = documents(house, instance_id=instance)
    house.complete("second")
    (same,) = documents(house, instance_id=instance)
    assert (same.id, same.version, same.state) == (draft.id, 1, "final")
    with pytest.raises(Conflict):
        editing.edit_document(house.engine, "head", same.id, {0: "甲"}, "更正主送单位")


def test_several_lines_become_paragraphs_and_empty_words_leave_the_paragraph_out(
    house: House, request_id: str
) -> None:
    house.complete("draft")
    (draft,) = documents(house, template="TPL-02")
    before = printed(house, draft.id)
    texts = {2: f"{before[2]}\n\n  另请注意其随身物品。", 3: ""}
    edited = editing.edit_document(house.engine, "handler", draft.id, texts, "补充")
    after = printed(house, edited)
    assert after[2:4] == [before[2], "另请注意其随身物品。"]
    assert before[3] not in after
    back = {2: before[2], 3: before[3]}
    restored = editing.edit_document(house.engine, "handler", edited, back, "恢复")
    assert printed(house, restored) == before


@pytest.mark.parametrize(
    ("by", "texts", "reason", "refusal"),
    [
        ("handler", {0: "甲"}, "", Refusal),
        ("handler", {99: "甲"}, "更正主送单位", Refusal),
        ("handler", {0: "某县公安局："}, "更正主送单位", Refusal),
        ("handler", {0: "甲" * 5001}, "更正主送单位", Refusal),
        ("legal", {0: "甲"}, "更正主送单位", NotFound),
    ],
)
def test_an_edit_that_may_not_be_is_refused(
    house: House, request_id: str, by: str, texts: dict[int, str], reason: str, refusal: Any
) -> None:
    house.complete("draft")
    (draft,) = documents(house, template="TPL-02")
    with pytest.raises(refusal):
        editing.edit_document(house.engine, by, draft.id, texts, reason)
    assert len(documents(house, template="TPL-02")) == 1


def test_a_sealed_document_is_not_edited(house: House, request_id: str) -> None:
    house.complete("draft")
    house.complete("seal")
    (sealed,) = documents(house, template="TPL-02")
    with pytest.raises(Conflict):
        editing.edit_document(house.engine, "handler", sealed.id, {0: "甲"}, "更正主送单位")


def test_made_once_more_from_its_sealed_words_it_is_the_same_byte_for_byte(
    house: House, request_id: str
) -> None:
    house.complete("draft")
    house.clock.advance(timedelta(days=40))
    for one in documents(house):
        found = verifying.verify_document(house.engine, "head", one.id)
        assert found.sound
        assert found.made_with == found.now_with
        assert set(found.made_with) == {"typst", "body", "body_sm3", "title", "title_sm3"}


def test_a_file_that_was_altered_in_the_database_is_found_out(
    house: House, request_id: str
) -> None:
    house.complete("draft")
    (draft,) = documents(house, template="TPL-02")
    with house.engine.database.write() as session:
        session.get_one(Document, draft.id).pdf = b"%PDF-1.7 another"
    found = verifying.verify_document(house.engine, "head", draft.id)
    assert (found.kept, found.pdf_same, found.sound) == (False, True, False)


def test_a_reading_copy_says_who_reads_it_and_when_and_the_original_does_not(
    house: House, request_id: str
) -> None:
    house.complete("draft")
    (draft,) = documents(house, template="TPL-02")
    name, first = previewing.reading_copy(house.engine, "handler", draft.id)
    house.clock.advance(timedelta(minutes=1))
    _, second = previewing.reading_copy(house.engine, "head", draft.id)
    assert name == f"{draft.number}（阅览）.pdf"
    assert len({first, second, draft.pdf}) == 3
    pages = previewing.document_pages(house.engine, "handler", draft.id)
    assert [picture[:4] for picture in pages.pictures] == [b"\x89PNG"]


def test_the_stored_words_are_sealed_and_every_reading_is_recorded(
    house: House, request_id: str
) -> None:
    house.complete("draft")
    query = select(Document).options(undefer(Document.sealed))
    assert all(letters.NUMBER.encode() not in one.sealed for one in house.rows(query))
    (draft,) = documents(house, template="TPL-02")
    file = read_document(house.engine, "handler", draft.id, "pdf")
    assert file.content.startswith(b"%PDF-")
    readings = select(AuditRow).where(AuditRow.action == "document.read")
    assert len(house.rows(readings)) == 1
    with pytest.raises(NotFound):
        read_document(house.engine, "legal", draft.id, "pdf")


def made(house: House, *steps: str) -> list[tuple[str, str, str]]:
    """Template, title and state of what a diagram of these steps has made."""
    alone = process(
        "alone", element("startEvent", "s"), *steps, user("after"), flows("s -> a -> b -> after")
    )
    house.deploy(LIBRARY, library())
    house.run(alone, "alone")
    return [(one.template, one.title, one.state) for one in documents(house)]


def test_what_is_made_together_is_rendered_in_one_step(house: House) -> None:
    found = made(
        house,
        topic("a", "document.render", template="TPL-02", together="TPL-22/拘传票,TPL-08"),
        topic("b", "document.render", template="TPL-18", instrument="决定书", stage="定稿"),
    )
    assert sorted(found) == [
        ("TPL-02", "协助执行通知书", "draft"),
        ("TPL-08", "关于委托协助执行的函", "draft"),
        ("TPL-18", "限制出境决定书", "final"),
        ("TPL-22", "拘传票", "draft"),
    ]


def test_what_is_final_is_sealed_and_a_draft_beside_it_is_not(house: House) -> None:
    found = made(
        house,
        topic("a", "document.render", template="TPL-02"),
        topic("b", "document.render", template="TPL-08", stage="定稿"),
        topic("c", "document.seal"),
        flows("after -> c"),
    )
    assert {template: state for template, _, state in found} == {
        "TPL-02": "draft",
        "TPL-08": "final",
    }
    house.complete("after")
    states = {one.template: one.state for one in documents(house)}
    assert states == {"TPL-02": "draft", "TPL-08": "sealed"}


def test_the_page_names_the_file_that_bears_the_seal_with_its_digest(
    house: House, request_id: str
) -> None:
    house.complete("draft")
    key = house.instance(request_id).business_key
    file = store_file(house.engine, "handler", "用印文书.pdf", "application/pdf", b"%PDF-1.7", key)
    with unit_of_work(house.engine, "system") as unit:
        case_files.write(unit, COURT, key, {issuing.SEALED_FILE: file})
    house.complete("seal")
    (sealed,) = documents(house, template="TPL-02")
    page = document_page(house.engine, "handler", sealed.id)
    (station,) = [one for one in page.stations if one.action == "document.sealed"]
    assert (station.detail["file"], station.detail["file_sm3"]) == (file, sm3(b"%PDF-1.7"))


def test_a_record_that_those_present_sign_is_issued_at_once_and_once_only(house: House) -> None:
    found = made(
        house,
        topic("a", "document.render", template="TPL-06", stage="签发"),
        topic("b", "document.render", template="TPL-06", stage="签发"),
    )
    assert found == [("TPL-06", "人员交接笔录", "issued")]


def test_an_unknown_stage_names_itself_and_the_element(house: House) -> None:
    with pytest.raises(Fault) as fault:
        made(
            house,
            topic("a", "document.render", template="TPL-02", stage="完成"),
            topic("b", "document.seal"),
        )
    assert (fault.value.code, fault.value.element) == ("document.stage_unknown", "a")


def test_an_unknown_template_names_itself_and_the_element(house: House) -> None:
    house.deploy(LIBRARY, library())
    unknown = process(
        "p",
        element("startEvent", "s"),
        topic("t", "document.render", template="TPL-99"),
        flows("s -> t"),
    )
    house.deploy("p", unknown)
    with pytest.raises(Fault) as fault:
        house.start("p")
    assert fault.value.code == "document.template_unknown"
    assert (fault.value.params["template"], fault.value.element) == ("TPL-99", "t")


def test_a_procedure_of_its_own_finds_the_letters_of_the_library(house: House) -> None:
    house.deploy(LIBRARY, library())
    house.run(
        process(
            "p",
            element("startEvent", "s"),
            topic("t", "document.render", template="TPL-08", measure="拘传"),
            user("after"),
            flows("s -> t -> after"),
        )
    )
    (made,) = documents(house)
    assert made.title == "关于委托协助执行的函"


def test_a_broken_letter_is_named_at_the_check_and_nothing_is_deployed(house: House) -> None:
    files = library() | {"letters/TPL-02.yaml": b"id: TPL-02\ntitle: \xe7\x94\xb2\n"}
    checked = deployments.check(house.engine, files, {}, None)
    assert [(c.file, c.code) for c in checked.errors] == [
        ("letters/TPL-02.yaml", "letter.field_missing")
    ]
    with pytest.raises(Refusal):
        house.deploy(LIBRARY, files)


def test_the_other_agency_reads_a_copy_of_its_own_and_cannot_change_it(house: House) -> None:
    throw = element(
        "intermediateThrowEvent",
        "tell",
        "<extensionElements><camunda:properties>"
        '<camunda:property name="message.documents" value="true"/>'
        "</camunda:properties></extensionElements>",
        '<messageEventDefinition messageRef="M1"/>',
    )
    message = '<message id="M1" name="entrust_request"/>'
    court = process(
        "p",
        element("startEvent", "s"),
        topic("render", "document.render", template="TPL-08"),
        topic("seal", "document.seal"),
        topic("issue", "document.issue"),
        throw,
        user("after"),
        flows("s -> render -> seal -> issue -> tell -> after"),
        around=message,
    )
    police = process(
        "p__police",
        element("startEvent", "s", '<messageEventDefinition messageRef="M1"/>'),
        user("read", "police_legal"),
        flows("s -> read"),
        around=message,
        extra=properties(agency="police"),
    )
    house.deploy(LIBRARY, library())
    house.deploy("p__police", police)
    house.run(court)
    house.tick()
    own, copy = sorted(documents(house), key=lambda one: one.state)
    assert (own.state, copy.state, copy.agency_id) == ("issued", "received", BUREAU)
    assert (copy.number, copy.pdf_sm3, copy.docx) == (own.number, own.pdf_sm3, None)
    assert read_document(house.engine, "legal", copy.id, "pdf").content == own.pdf
    assert verifying.verify_document(house.engine, "legal", copy.id).sound
    with pytest.raises(NotFound):
        read_document(house.engine, "legal", own.id, "pdf")
    (envelope,) = house.rows(select(Envelope))
    for reader in ("handler", "legal"):
        pdf = receipts.receipt(house.engine, reader, envelope.id, "委托请求")
        assert pdf.startswith(b"%PDF-")
    with pytest.raises(NotFound):
        receipts.receipt(house.engine, "station", envelope.id, "委托请求")
    with pytest.raises((Conflict, Forbidden)):
        editing.edit_document(house.engine, "legal", copy.id, {0: "甲"}, "更正主送单位")


def test_whoever_has_not_the_next_step_to_do_may_see_a_draft_but_not_edit_it(
    house: House, request_id: str
) -> None:
    house.complete("draft")
    (draft,) = documents(house, template="TPL-02")
    with house.engine.database.write() as session:
        query = select(UserTask).where(UserTask.element_id == "seal")
        session.scalars(query).one().assignee = "president"
    with pytest.raises(Forbidden):
        editing.edit_document(house.engine, "handler", draft.id, {0: "甲"}, "更正主送单位")
    assert not document_page(house.engine, "handler", draft.id).may_edit
    editing.edit_document(house.engine, "head", draft.id, {0: "甲"}, "更正主送单位")


def test_a_request_about_another_one_knows_the_person_of_that_one(
    house: House, request_id: str
) -> None:
    key = house.instance(request_id).business_key
    lift = process(
        "lift",
        element("startEvent", "s"),
        user("request"),
        topic("render", "document.render", template="TPL-07"),
        user("after"),
        flows("s -> request -> render -> after"),
    )
    house.deploy("lift", lift)
    instance = house.start("lift")
    own = {"lift_request.targets": [{"request_no": key}], "lift_request.reason": "履行完毕"}
    with unit_of_work(house.engine, "system") as unit:
        case_files.write(unit, COURT, house.instance(instance).business_key, own)
    house.complete("request")
    (made,) = documents(house, template="TPL-07")
    body = printed(house, made.id)[1]
    assert "张某某" in body and "履行完毕" in body
