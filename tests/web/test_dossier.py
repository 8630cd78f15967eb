"""卷宗: a request's whole file as one paginated PDF with contents, and a zip with digests."""

from __future__ import annotations

import csv
import hashlib
from base64 import b64decode
from io import BytesIO, StringIO
from zipfile import ZipFile

import pytest
from pypdf import PdfReader
from sqlalchemy import select

from engine.attachments import store_file
from engine.engine import Engine
from engine.store.crypto import sm3
from engine.store.models import AuditRow, ProcessInstance
from tests.engine.documents.test_documents import LIBRARY
from tests.web.conftest import SignIn
from tests.web.night import Night
from tests.web.test_documents import draft  # noqa: F401 - a fixture

REASON = {"reason": "当事人申请阅卷"}
PICTURE = b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
"""One pixel."""


@pytest.fixture
def instance(engine: Engine, draft: str) -> str:  # noqa: F811
    """A request with a letter, a picture, a broken PDF and a file that cannot be bound in."""
    with engine.database.read() as session:
        query = select(ProcessInstance).where(ProcessInstance.process_key == LIBRARY)
        found = session.scalars(query).one()
    for name, media_type, content in (
        ("现场/../照片.png", "image/png", PICTURE),
        ("坏的.pdf", "application/pdf", b"%PDF-1.7 broken"),
        ("坏的.png", "image/png", PICTURE[:40]),
        ("记录.txt", "text/plain", "张某某".encode()),
    ):
        store_file(engine, "handler", name, media_type, content, found.business_key)
    return str(found.id)


def exported(sign_in: SignIn, instance: str, kind: str) -> bytes:
    answer = sign_in("handler").post(f"/instances/{instance}/dossier", data={**REASON, "as": kind})
    assert answer.status_code == 200, answer.text
    return answer.data


def pages_of(pdf: bytes) -> list[str]:
    return [page.extract_text() for page in PdfReader(BytesIO(pdf)).pages]


def test_the_pdf_has_a_cover_contents_and_page_numbers(
    sign_in: SignIn, night: Night, instance: str
) -> None:
    pages = pages_of(exported(sign_in, instance, "pdf"))
    assert "协作卷宗" in pages[0]
    assert "当事人申请阅卷" in pages[0]
    contents = pages[1].replace(" ", "")
    for heading in ("办理经过", "期限", "往来消息", "表单", "文书", "附件"):
        assert heading in contents
    last = "".join(pages[-1].split())
    assert f"第{len(pages)}页共{len(pages)}页" in last


def test_letters_and_pictures_are_bound_in_and_the_rest_is_named(
    sign_in: SignIn, night: Night, instance: str
) -> None:
    text = "".join(pages_of(exported(sign_in, instance, "pdf"))).replace(" ", "")
    assert "协助执行通知书" in text
    assert text.count("此文件不能装订，原件在压缩包中") == 3
    assert "坏的.pdf" in text


def test_the_zip_holds_every_file_as_kept_and_its_digests(
    sign_in: SignIn, night: Night, instance: str
) -> None:
    packed = ZipFile(BytesIO(exported(sign_in, instance, "zip")))
    names = packed.namelist()
    assert "卷宗.pdf" in names
    assert all(name.count("/") <= 1 and ".." not in name for name in names)
    assert sorted(name.split("-", 1)[1] for name in names if name.startswith("附件/")) == [
        "坏的.pdf", "坏的.png", "照片.png", "记录.txt",
    ]  # fmt: skip
    assert any(name.startswith("文书/001-") for name in names)
    listed = csv.DictReader(StringIO(packed.read("目录.csv").decode("utf-8-sig")))
    rows = {row["文件"]: row for row in listed}
    assert set(rows) == set(names) - {"目录.csv"}
    for name, row in rows.items():
        content = packed.read(name)
        assert row["SM3"] == sm3(content)
        assert row["SHA-256"] == hashlib.sha256(content).hexdigest()


def test_without_a_reason_nothing_is_exported_and_the_page_says_so(
    engine: Engine, sign_in: SignIn, night: Night, instance: str
) -> None:
    answer = sign_in("handler").post(f"/instances/{instance}/dossier", data={"reason": " "})
    assert answer.status_code == 422
    assert "理由" in answer.text
    assert audited(engine) == []


def test_who_exported_it_and_why_is_recorded(
    engine: Engine, sign_in: SignIn, night: Night, instance: str
) -> None:
    exported(sign_in, instance, "pdf")
    assert audited(engine) == [("handler", "当事人申请阅卷")]


def test_whoever_does_not_see_the_request_gets_nothing(
    engine: Engine, sign_in: SignIn, night: Night, instance: str
) -> None:
    answer = sign_in("station").post(f"/instances/{instance}/dossier", data=REASON)
    assert answer.status_code == 404
    assert audited(engine) == []


def audited(engine: Engine) -> list[tuple[str, str]]:
    query = select(AuditRow.actor, AuditRow.detail).where(AuditRow.action == "dossier.exported")
    with engine.database.read() as session:
        return [(row.actor, row.detail["reason"]) for row in session.execute(query)]
