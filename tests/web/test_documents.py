"""The pages of a document: read before it is approved, edited, compared, verified, receipted."""

from __future__ import annotations

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from engine import case_files, deployments, instances, user_tasks
from engine.engine import Engine
from engine.store.models import Document, Envelope, UserTask
from engine.topics.registry import built_in
from engine.verbs import unit_of_work
from tests.engine.documents.test_documents import KNOWN, LIBRARY, library
from tests.factories import COURT, POLICE
from tests.web.conftest import SignIn
from tests.web.night import Night
from web.commands import document as document_command
from web.documents.differences import compared, pieces


@pytest.fixture
def draft(engine: Engine, night: Night) -> str:
    """The id of a drafted notice, which waits for whoever seals it."""
    engine.topics = built_in()
    deployments.deploy(engine, "system", LIBRARY, library())
    instance = instances.start_process(engine, "handler", LIBRARY, None).instance_id
    with engine.database.read() as session:
        task = session.scalars(select(UserTask).where(UserTask.instance_id == instance)).one()
    with unit_of_work(engine, "system") as unit:
        case_files.write(unit, COURT, task.business_key, KNOWN)
    user_tasks.complete_user_task(engine, "handler", task.id, {})
    return latest(engine).id


def latest(engine: Engine) -> Document:
    query = select(Document).where(Document.template == "TPL-02").order_by(Document.version.desc())
    with engine.database.read() as session:
        return session.scalars(query.limit(1)).one()


def test_whoever_has_the_next_task_reads_the_letter_beside_the_form(
    engine: Engine, sign_in: SignIn, draft: str
) -> None:
    with engine.database.read() as session:
        query = select(UserTask.id).where(UserTask.element_id == "seal")
        task = session.scalars(query).one()
    browser = sign_in("handler")
    page = browser.get(f"/tasks/{task}").text
    assert f"/documents/{draft}/preview" in page
    shown = browser.get(f"/documents/{draft}/preview").text
    assert "data:image/png;base64," in shown
    assert "协助拘传张某某" in shown


def test_the_page_tells_state_versions_digest_and_who_did_what(
    engine: Engine, sign_in: SignIn, draft: str
) -> None:
    page = sign_in("handler").get(f"/documents/{draft}").text
    document = latest(engine)
    for words in (document.number, document.pdf_sm3, "草稿", "生成第 1 版", "承办人甲", "尚未送达"):
        assert str(words) in page


def test_an_edit_is_a_new_version_and_its_difference_is_shown(
    engine: Engine, sign_in: SignIn, draft: str
) -> None:
    browser = sign_in("handler")
    form = browser.get(f"/documents/{draft}/edit").text
    assert 'name="paragraph-0"' in form
    typed = {"paragraph-2": "协助拘传张某某到本院", "reason": "写明地点"}
    answer = browser.post(f"/documents/{draft}/edit", data=typed)
    assert answer.status_code == 302
    changed = latest(engine)
    assert answer.headers["Location"].endswith(changed.id)
    page = browser.get(f"/documents/{changed.id}").text
    assert "<ins>到本院</ins>" in page
    assert "改写文字，成为第 2 版（理由：写明地点）" in page
    compared_page = browser.get(f"/documents/{changed.id}/compare?with={draft}").text
    assert "<ins>到本院</ins>" in compared_page
    assert browser.get(f"/documents/{changed.id}/compare?with=no").status_code == 404


def test_an_edit_without_a_reason_comes_back_with_what_was_typed(
    sign_in: SignIn, draft: str
) -> None:
    typed = {"paragraph-2": "协助拘传张某某到本院", "reason": ""}
    answer = sign_in("handler").post(f"/documents/{draft}/edit", data=typed)
    assert answer.status_code == 422
    assert "协助拘传张某某到本院" in answer.text


def test_the_original_is_what_has_the_digest_and_a_reading_copy_is_not(
    engine: Engine, sign_in: SignIn, draft: str
) -> None:
    browser = sign_in("handler")
    original = browser.get(f"/documents/{draft}/pdf")
    assert "attachment" in original.headers["Content-Disposition"]
    reading = browser.get(f"/documents/{draft}/reading.pdf")
    assert reading.data.startswith(b"%PDF-")
    assert reading.data != original.data
    said = browser.post(f"/documents/{draft}/verify", follow_redirects=True).text
    assert "校验一致" in said
    with engine.database.write() as session:
        session.get_one(Document, draft).pdf = b"%PDF-1.7 another"
    said = browser.post(f"/documents/{draft}/verify", follow_redirects=True).text
    assert "不能使用" in said


def test_nobody_of_another_agency_sees_any_of_it(sign_in: SignIn, draft: str) -> None:
    stranger = sign_in("stranger")
    for what in ("", "/preview", "/pdf", "/reading.pdf", "/edit", f"/compare?with={draft}"):
        assert stranger.get(f"/documents/{draft}{what}").status_code == 404
    assert stranger.post(f"/documents/{draft}/verify").status_code == 404


def test_the_documents_of_a_request_are_listed(engine: Engine, sign_in: SignIn, draft: str) -> None:
    document = latest(engine)
    page = sign_in("handler").get(f"/instances/{document.instance_id}/documents").text
    assert "协助执行通知书" in page
    assert "拘传票" in page


def test_both_sides_read_the_receipt_of_a_message(
    engine: Engine, sign_in: SignIn, night: Night, draft: str
) -> None:
    with engine.database.write() as session:
        envelope = session.scalars(select(Envelope).where(Envelope.receipt_no.is_not(None))).first()
        assert envelope is not None
        assert {envelope.from_agency, envelope.to_agency} == {COURT, POLICE}
    for reader in ("handler", "station"):
        answer = sign_in(reader).get(f"/envelopes/{envelope.id}/receipt.pdf")
        assert answer.data.startswith(b"%PDF-")
    assert sign_in("stranger").get(f"/envelopes/{envelope.id}/receipt.pdf").status_code == 404


def test_a_difference_says_what_was_taken_out_and_what_was_put_in() -> None:
    found = [(one.kind, one.text) for one in pieces("协助拘传张某", "协助拘留张某等人")]
    assert ("same", "协助拘") in found
    assert ("removed", "传") in found or ("removed", "传张") in found
    assert "".join(text for kind, text in found if kind != "removed") == "协助拘留张某等人"
    assert "".join(text for kind, text in found if kind != "added") == "协助拘传张某"
    assert compared([], []) == []


def test_the_command_line_verifies_what_is_kept(
    engine: Engine, draft: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(document_command, "_engine", lambda: engine)

    def run(*args: str) -> tuple[int, str]:
        found = CliRunner().invoke(document_command.document, ["verify", *args])
        return found.exit_code, found.output

    code, told = run(draft)
    assert (code, "校验一致" in told) == (0, True)
    with engine.database.write() as session:
        session.get_one(Document, draft).pdf = b"%PDF-1.7 another"
        session.get_one(Document, draft).state = "issued"
    code, told = run("--issued")
    assert (code, "不能使用" in told) == (1, True)
    assert run("nothing")[0] == 2
