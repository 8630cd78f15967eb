"""Letters without a database: the words of the annex, what is missing, PDF and Word."""

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO

import pytest
from docx import Document
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import LiandongError, Refusal
from engine.letters import (
    MISSING,
    Block,
    Edit,
    Filled,
    Marks,
    amended,
    fill,
    read_letter,
    typesetter,
    word_file,
)
from engine.letters.words import in_words, written
from tests.engine.documents import letters

AT = datetime(2026, 11, 20, 1, tzinfo=UTC)
ANNEX_2 = (
    "本院在办理王某某与张某某民间借贷纠纷一案中，根据案件办理需要，"
    f"决定对张某某，身份证号码{letters.NUMBER}实施拘传。因其下落不明，"
    "依据《最高人民法院关于民事执行中财产调查若干问题的规定》第十五条、"
    "《河南省人民代表大会常务委员会关于新形势下加强人民法院执行工作的决定》、"
    "南阳市中级人民法院南阳市公安局《关于建立执行协作联动机制的实施意见（试行）》"
    "的有关规定，请协助执行下列事项："
)


def texts(filled: Filled) -> list[str]:
    return [block.text for block in filled.blocks]


def marks(filled: Filled) -> Marks:
    return Marks.of(filled, "豫1321-PER-2026-000012", "豫1321协通〔2026〕12号", 1)


def test_the_notice_of_annex_2_is_word_for_word() -> None:
    filled = fill(letters.letter("TPL-02"), letters.names())
    assert filled.missing == ()
    assert (filled.head, filled.title, filled.subtitle) == (
        "南召县人民法院",
        "协助执行通知书",
        "（协助查找、临控人员）",
    )
    assert filled.reference == "（2026）豫1321执1234号"
    assert texts(filled) == [
        "南召县公安局：",
        ANNEX_2,
        f"协助拘传张某某，身份证号码：{letters.NUMBER}",
        "人员发现或控制后请即时通知我院，你局协助查找、控制人员的相关法律责任由我院承担。",
        "二〇二六年十一月二十日",
        "附件：拘传票",
        "联系人一：李某某　　电话：13000000001",
        "联系人二：赵某某　　电话：13000000002",
    ]


@pytest.mark.parametrize(
    ("measure", "attached"), [("拘留", "附件：拘留决定书"), ("拘传", "附件：拘传票")]
)
def test_the_attachment_is_the_one_of_the_measure(measure: str, attached: str) -> None:
    assert attached in texts(fill(letters.letter("TPL-02"), letters.names(measure=measure)))


def test_a_notice_to_look_for_somebody_attaches_nothing_and_orders_no_measure() -> None:
    found = "".join(texts(fill(letters.letter("TPL-02"), letters.names(measure="仅查找"))))
    assert "协助查找张某某" in found
    assert "附件" not in found
    assert "拘" not in found.replace("查找", "")


def test_the_other_profile_cites_its_own_local_opinions() -> None:
    filled = fill(letters.letter("TPL-02"), letters.names(profile="zhoukou_2021"))
    assert "豫高法〔2021〕54号" in texts(filled)[1]
    assert "南阳" not in texts(filled)[1]


def test_articles_are_cited_by_their_number_on_the_day_of_issue() -> None:
    def articles(day: date) -> set[str]:
        filled = fill(letters.letter("TPL-22-拘传票"), letters.names(issued_on=day))
        return set(re.findall(r"(?:民事诉讼法》|、)(第[^条]+条)", "".join(texts(filled))))

    assert articles(date(2021, 12, 31)) == {"第一百零九条", "第一百一十六条"}
    assert articles(date(2026, 11, 20)) == {"第一百一十二条", "第一百一十九条"}


@pytest.mark.parametrize("name", letters.LETTERS)
def test_what_is_not_known_is_marked_and_never_an_empty_place(name: str) -> None:
    template = letters.letter(name)
    filled = fill(template, letters.names(case=None, person=None, contact=None, measure=None))
    everything = [filled.head, filled.reference, *texts(filled)]
    everything += [cell for block in filled.blocks for row in block.rows for cell in row]
    assert filled.missing
    assert any(MISSING in text for text in everything)
    assert not any("null" in text or "None" in text for text in everything)


@pytest.mark.parametrize("name", letters.LETTERS)
def test_every_letter_becomes_an_archival_pdf_and_a_word_file_twice_the_same(name: str) -> None:
    template = letters.letter(name)
    filled = fill(template, letters.names())
    first, second = (
        typesetter().pdf(letters.layout(), filled, marks(filled), AT) for _ in range(2)
    )
    assert first == second
    assert first.startswith(b"%PDF-")
    assert b"pdfaid:part>3<" in first.replace(b" ", b"")
    layout = letters.word_layout(template.layout)
    assert word_file(layout, filled, marks(filled)) == word_file(layout, filled, marks(filled))


@pytest.mark.parametrize("name", letters.LETTERS)
def test_a_pdf_bears_what_pdf_a_3b_asks_for(name: str) -> None:
    """typst itself refuses what the standard forbids; this is what a reader looks for first."""
    filled = fill(letters.letter(name), letters.names())
    pdf = typesetter().pdf(letters.layout(), filled, marks(filled), AT)
    assert b"<pdfaid:part>3</pdfaid:part>" in pdf
    assert b"<pdfaid:conformance>B</pdfaid:conformance>" in pdf
    assert b"/OutputIntents" in pdf and b"/GTS_PDFA1" in pdf and b"/DestOutputProfile" in pdf
    embedded = len(re.findall(rb"/FontFile[23]? ", pdf))
    assert embedded == pdf.count(b"/Type/FontDescriptor") > 0
    assert not any(word in pdf for word in (b"/Encrypt", b"/JavaScript", b"/Launch"))


def plain(*texts: str, layout: str = "court") -> Filled:
    blocks = tuple(Block("lead", text) for text in texts)
    return Filled("标题", layout, "机关", "", "", blocks)


def pages(filled: Filled) -> int:
    return len(typesetter().pictures(letters.layout(), filled, marks(filled), AT, ""))


def test_a_page_has_22_lines_of_28_characters() -> None:
    """Organ and title take the height of 3 lines, 19 remain on the first page."""
    line = "字" * 28
    assert pages(plain(*[line] * 19)) == 1
    assert pages(plain(*[line] * 20)) == 2
    assert pages(plain(*[line] * (19 + 22))) == 2
    assert pages(plain(*[line] * (19 + 23))) == 3
    assert pages(plain(*["字" * 29] * 9)) == 1
    assert pages(plain(*["字" * 29] * 10)) == 2


def test_a_grid_has_a_row_for_each_of_a_list_and_says_where_the_list_is_not_known() -> None:
    source = (
        "{id: X, title: 甲, layout: minutes, head: 乙, number: 丙, body: "
        "[grid: {head: [事项, 时限], each: 'for one in agreed return [one.what, one.due]'}]}"
    )
    template = read_letter("x.yaml", source.encode())
    agreed = [{"what": "值班", "due": date(2026, 12, 1)}, {"what": "核对印章", "due": None}]
    known = fill(template, letters.names(agreed=agreed))
    assert known.blocks[0].rows == (
        ("事项", "时限"),
        ("值班", "2026年12月1日"),
        ("核对印章", MISSING),
    )
    assert len(known.missing) == 1
    unknown = fill(template, letters.names(agreed=None))
    assert unknown.blocks[0].rows == (("事项", "时限"), (MISSING, MISSING))
    packed = word_file(letters.word_layout("minutes"), known, marks(known))
    [table] = Document(BytesIO(packed)).tables
    assert [cell.text for cell in table.rows[1].cells] == ["值班", "2026年12月1日"]


def test_the_receipt_of_a_control_names_who_bears_the_liability() -> None:
    def said(message: str) -> str:
        return "".join(texts(fill(letters.letter("TPL-10"), letters.names(message=message))))

    assert "法律责任由执行法院承担" in said("person_control_request")
    assert "法律责任由执行法院承担" in said("vehicle_intercepted")
    assert "法律责任" not in said("query_request")


def test_a_watermark_lies_over_every_page_of_any_layout_and_changes_no_word() -> None:
    filled = plain(*["字" * 28] * 30)
    marked = typesetter().pdf(letters.layout(), filled, marks(filled), AT, "阅览件 某某")
    assert marked != typesetter().pdf(letters.layout(), filled, marks(filled), AT)
    typesetter().pdf(b"#set page(width: 100mm)\nold", filled, marks(filled), AT, "阅览件 某某")


def test_the_word_file_holds_the_same_words() -> None:
    filled = fill(letters.letter("TPL-02"), letters.names())
    document = Document(BytesIO(word_file(letters.word_layout("court"), filled, marks(filled))))
    written_down = [paragraph.text for paragraph in document.paragraphs]
    assert [text for text in texts(filled) if text not in written_down] == []
    footer = document.sections[0].first_page_footer.tables[0]
    assert "豫1321-PER-2026-000012" in footer.cell(0, 1).text


def test_what_was_entered_is_text_and_never_a_command_of_the_layout() -> None:
    name = '#panic("x") {{ 7*7 }} {% raw %} <w:p> $x$ \\ "'
    filled = fill(letters.letter("TPL-02"), letters.names(person={**letters.PERSON, "name": name}))
    typesetter().pdf(letters.layout(), filled, marks(filled), AT)
    packed = word_file(letters.word_layout("court"), filled, marks(filled))
    assert any(name in paragraph.text for paragraph in Document(BytesIO(packed)).paragraphs)


def test_a_layout_reaches_no_file_of_the_machine() -> None:
    filled = fill(letters.letter("TPL-02"), letters.names())
    with pytest.raises(LiandongError) as refused:
        typesetter().pdf(b'#read("/etc/hostname")', filled, marks(filled), AT)
    assert refused.value.code == "letter.typesetting"


def test_a_word_template_runs_in_a_sandbox() -> None:
    template = Document(BytesIO(letters.word_layout("court")))
    template.add_paragraph("{{ ''.__class__.__mro__ }}")
    written_to = BytesIO()
    template.save(written_to)
    filled = fill(letters.letter("TPL-02"), letters.names())
    with pytest.raises(LiandongError) as refused:
        word_file(written_to.getvalue(), filled, marks(filled))
    assert refused.value.code == "letter.word_template"


def test_the_qr_code_says_the_request_number_and_nothing_else() -> None:
    filled = fill(letters.letter("TPL-02"), letters.names())
    same_request = Marks("豫1321-PER-2026-000012", "another", 7, "0" * 64)
    assert marks(filled).squares() == same_request.squares()


def test_another_word_is_another_digest() -> None:
    filled = fill(letters.letter("TPL-02"), letters.names())
    other = amended(filled, [Edit("南召县公安局：", "某公安局：")]).filled
    assert marks(filled).digest != marks(other).digest
    assert Filled.from_data(filled.as_data()) == filled


@pytest.mark.parametrize(
    ("source", "code"),
    [
        ("[]", "letter.shape"),
        ("id: X", "letter.field_missing"),
        (
            "{id: X, title: 甲, layout: wide, head: 乙, number: 丙, body: [text: 丁]}",
            "letter.layout",
        ),
        (
            "{id: X, title: 甲, layout: court, head: 乙, number: 丙, body: [song: 丁]}",
            "letter.block",
        ),
        (
            "{id: X, title: 甲, layout: court, head: 乙, number: 丙, body: [table: 丁]}",
            "letter.rows",
        ),
        (
            "{id: X, title: 甲, layout: court, head: 乙, number: 丙, body: [grid: [丁]]}",
            "letter.grid",
        ),
        (
            "{id: X, title: 甲, layout: court, head: 乙, number: 丙, colour: 红, body: [text: 丁]}",
            "letter.field_unknown",
        ),
    ],
)
def test_a_template_that_cannot_be_one_is_refused_by_name(source: str, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        read_letter("x.yaml", source.encode())
    assert refused.value.code == code
    assert refused.value.params["file"] == "x.yaml"


def test_a_broken_expression_is_refused_with_the_file_and_its_text() -> None:
    source = "{id: X, title: 甲, layout: court, head: 乙, number: 丙, body: [text: '${1 +}']}"
    with pytest.raises(LiandongError) as refused:
        read_letter("x.yaml", source.encode())
    assert refused.value.params["file"] == "x.yaml"
    assert refused.value.params["expression"] == "1 +"


@given(st.dates(min_value=date(2013, 1, 1), max_value=date(2099, 12, 31)))
def test_a_date_in_words_says_every_digit_of_the_year(day: date) -> None:
    words = in_words(day)
    year, rest = words.split("年")
    assert [str("〇一二三四五六七八九".index(digit)) for digit in year] == list(str(day.year))
    assert rest.endswith("日")
    assert "零" not in words


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2026, 11, 20), "二〇二六年十一月二十日"),
        (date(2020, 1, 1), "二〇二〇年一月一日"),
        (date(2021, 10, 31), "二〇二一年十月三十一日"),
    ],
)
def test_dates_as_courts_write_them(day: date, expected: str) -> None:
    assert in_words(day) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (datetime(2026, 11, 19, 18, 5, tzinfo=UTC), "2026年11月20日2时05分"),
        (date(2026, 3, 2), "2026年3月2日"),
        (Decimal("15"), "15"),
        (Decimal("500000.50"), "500000.5"),
        (True, "是"),
        (["甲", None, "乙"], "甲、乙"),
        ({"item": "手机", "quantity": Decimal(1)}, "手机 1"),
        (None, ""),
    ],
)
def test_values_as_people_write_them(value: object, expected: str) -> None:
    assert written(value) == expected
