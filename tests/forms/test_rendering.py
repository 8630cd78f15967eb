"""A page of a form: labels for everything, errors where they belong, typing kept."""

from __future__ import annotations

from collections import Counter
from html.parser import HTMLParser
from pathlib import Path

import pytest
from flask import Flask, render_template, request
from werkzeug.datastructures import MultiDict

from forms.entering import pressed
from forms.open_form import OpenForm
from forms.rendering import form_view
from forms.views import FileView
from web import language
from web.messages import sentence

TEMPLATES = Path(__file__).parents[2] / "web" / "templates"
VOID = {"input", "br", "hr", "meta", "link", "img"}
CONTROLS = {"input", "select", "textarea"}
GROUP_NAMES = [
    "FG-CASE", "FG-HANDLER", "FG-CONTACT", "FG-PERSON", "FG-ORG", "FG-VEHICLE", "FG-INSTRUMENT",
    "FG-HANDOVER-VEHICLE", "FG-HANDOVER-PERSON",
]  # fmt: skip


class Page(HTMLParser):
    """What a test asks of a page: elements, ids, labels, nesting."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.html = html
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.open: list[str] = []
        self.in_label = False
        self.feed(html)
        self.close()
        assert self.open == [], "every element is closed"

    def handle_starttag(self, tag, attrs):
        names = [name for name, _ in attrs]
        assert len(names) == len(set(names)), f"an attribute twice in {tag} {names}"
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def all(self, *tags: str) -> list[dict[str, str]]:
        return [attributes for tag, attributes in self.elements if tag in tags]

    @property
    def ids(self) -> list[str]:
        return [attributes["id"] for _, attributes in self.elements if "id" in attributes]

    def controls(self) -> list[dict[str, str]]:
        return [c for c in self.all(*CONTROLS) if c.get("type") != "hidden"]

    def by_name(self, name: str) -> list[dict[str, str]]:
        return [c for c in self.all(*CONTROLS, "button") if c.get("name") == name]


def is_sound(page: Page) -> bool:
    twice = [name for name, count in Counter(page.ids).items() if count > 1]
    assert twice == []
    labelled = {label["for"] for label in page.all("label")}
    for control in page.controls():
        assert control["id"] in labelled, control
    for _, attributes in page.elements:
        for described in attributes.get("aria-describedby", "").split():
            assert described in page.ids
    for link in page.all("a"):
        if link["href"].startswith("#"):
            assert link["href"][1:] in page.ids
    for button in page.all("button"):
        needs_script = button["type"] == "button"
        assert needs_script == ("hidden" in button), "what needs JavaScript is shown by it alone"
    return True


def say(code, params):
    return sentence(code, params)


@pytest.fixture
def page_of(bench, now):
    """`page_of(bench_form, scope)`: a client of a small application with that form."""

    def make(form, scope=None):
        app = Flask(__name__, template_folder=str(TEMPLATES))
        app.secret_key = "only for this test"
        language.install(app)

        @app.route("/", methods=["GET", "POST"])
        def page():
            flat = pressed(form.schema, request.form) if request.method == "POST" else None
            opened = OpenForm(form.schema, scope or {}, now, form.adapter.settings, flat=flat)
            if request.method == "POST" and "_submit" in request.form:
                opened.validate()
            files = {"id1": FileView("id1", "现场<1>.jpg", 2048, "/files/id1")}
            return render_template(
                "forms/body.html", view=form_view(opened, say, lambda ids: files), action="/"
            )

        return app.test_client()

    return make


@pytest.mark.parametrize("group", GROUP_NAMES)
def test_every_field_group_renders_with_a_label_for_every_control(group, group_bench, page_of):
    client = page_of(group_bench(group))
    assert is_sound(Page(client.get("/").text))


@pytest.mark.parametrize("group", GROUP_NAMES)
def test_every_field_group_renders_its_errors_with_links_to_the_fields(group, group_bench, page_of):
    client = page_of(group_bench(group))
    page = Page(client.post("/", data={"_submit": "1"}).text)
    assert is_sound(page)
    links = [a["href"] for a in page.all("a") if a["href"].startswith("#f-")]
    invalid = {c["id"] for c in page.controls() if c.get("aria-invalid") == "true"}
    assert links
    assert {link[1:] for link in links} & {*invalid, *(i for i in page.ids if "signers" in i)}
    assert "有 " in page.html and "处需要更正" in page.html


def test_sentences_say_what_was_expected_found_and_to_do(group_bench, page_of):
    client = page_of(group_bench("FG-PERSON"))
    typed = {"doc_type": "居民身份证", "doc_no": "41132118000101000", "_submit": "1"}
    assert "证件号码应为18位，现为17位，请核对后重新输入。" in client.post("/", data=typed).text


def test_typing_stays_readable_or_not_and_is_never_run(group_bench, page_of):
    client = page_of(group_bench("FG-CASE"))
    typed = {
        "case_name": '"><script>alert(1)</script>',
        "filed_on": "昨天",
        "claim_kind": "金钱给付",
        "claim_amount": "一千元",
        "_submit": "1",
    }
    page = Page(client.post("/", data=typed).text)
    assert is_sound(page)
    assert page.all("script") == []
    (name,), (filed,), (amount,) = (
        page.by_name(key) for key in ("case_name", "filed_on", "claim_amount")
    )
    assert name["value"] == typed["case_name"]
    # A date control would show nothing of what it cannot read.
    assert (filed["type"], filed["value"]) == ("text", "昨天")
    assert amount["value"] == "一千元"


def test_a_text_that_begins_with_an_empty_line_keeps_it(group_bench, page_of):
    client = page_of(group_bench("FG-PERSON"))
    html = client.post("/", data={"necessity_reason": "\n第二行"}).text
    assert ">\n\n第二行</textarea>" in html


def test_without_javascript_a_refresh_shows_what_a_choice_asks_for(group_bench, page_of):
    client = page_of(group_bench("FG-CASE"))
    assert Page(client.get("/").text).by_name("claim_amount") == []
    page = Page(client.post("/", data={"claim_kind": "金钱给付", "_refresh": "1"}).text)
    (amount,) = page.by_name("claim_amount")
    assert amount["aria-required"] == "true"
    assert not page.all("script") and "error-summary" not in page.html


def test_only_what_others_depend_on_asks_the_server_at_once(group_bench, page_of):
    page = Page(page_of(group_bench("FG-CASE")).get("/").text)
    asking = {c["name"] for c in page.controls() if c.get("hx-trigger") == "change"}
    assert asking == {"claim_kind"}


def test_enter_presses_a_button_that_neither_submits_nor_adds_a_row(group_bench, page_of):
    page = Page(page_of(group_bench("FG-CASE")).get("/").text)
    first = page.all("button")[0]
    assert (first["name"], first["tabindex"]) == ("_refresh", "-1")


def test_rows_come_and_go_by_plain_buttons(group_bench, page_of):
    client = page_of(group_bench("FG-CASE"))
    more = Page(client.post("/", data={"applicants-0-name": "甲", "_add": "applicants"}).text)
    assert [c["value"] for c in more.by_name("applicants-0-name")] == ["甲"]
    assert [c["value"] for c in more.by_name("applicants-1-name")] == [""]
    assert len(more.by_name("applicants-1-row_id")[0]["value"]) == 32
    assert is_sound(more)


def test_an_error_in_a_row_names_the_row(group_bench, page_of):
    client = page_of(group_bench("FG-HANDOVER-PERSON"))
    data = {"belongings-0-item": "手机", "belongings-0-quantity": "两", "_submit": "1"}
    assert "随身物品清单（1）数量</a>" in client.post("/", data=data).text


def test_stored_files_stay_listed_with_their_names(bench, field, page_of):
    form = bench(field("filepicker", "photos", multiple=True, accept=".jpg"))
    data = MultiDict([("photos", "id1"), ("photos", "id2"), ("_refresh", "1")])
    page = Page(page_of(form).post("/", data=data).text)
    hidden = [c["value"] for c in page.by_name("photos")]
    assert hidden == ["id1", "id2"]
    assert "现场&lt;1&gt;.jpg" in page.html
    assert [b["value"] for b in page.by_name("_drop")] == ["photos:id1", "photos:id2"]
    (chooser,) = page.by_name("_file:photos")
    assert (chooser["accept"], chooser["type"]) == (".jpg", "file")
    assert is_sound(page)


def test_a_read_only_value_is_shown_and_cannot_be_typed_over(group_bench, page_of):
    scope = {"agency": {"court_code": "豫1321", "name": "某某县人民法院"}}
    page = Page(page_of(group_bench("FG-CASE"), scope).get("/").text)
    (code,) = page.by_name("court_code")
    assert code["value"] == "豫1321" and "readonly" in code


def test_warnings_are_shown_with_a_seal_that_confirms_them(group_bench, page_of):
    client = page_of(group_bench("FG-VEHICLE"))
    data = {"owner_name": "甲某", "vin": "1M8GDM9A1KP042788", "_submit": "1"}
    page = Page(client.post("/", data=data).text)
    assert "warning-summary" in page.html and "再次提交即可" in page.html
    assert len(page.by_name("_seen")[0]["value"]) == 16
    assert is_sound(page)


def test_notes_are_words_and_never_html(bench, field, page_of):
    note = {"type": "text", "id": "n", "text": "### 注意\n请**当场**核对<b>证件</b>。\n- 一\n- 二"}
    html = page_of(bench(note, {"type": "separator", "id": "s"})).get("/").text
    assert "<h3>注意</h3>" in html
    assert "<strong>当场</strong>核对&lt;b&gt;证件&lt;/b&gt;" in html
    assert "<ul><li>一</li><li>二</li></ul>" in html
    assert "<hr>" in html


def test_fields_of_one_layout_row_stand_side_by_side(group_bench, page_of):
    html = page_of(group_bench("FG-ORG")).get("/").text
    assert html.count('<div class="row">') == 2
    assert html.count("col-md-6") == 2
