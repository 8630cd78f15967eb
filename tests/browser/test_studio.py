"""An analyst's work in the browser: draw, check, keep, publish, compare; everything in Chinese."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from engine.engine import Engine
from tests.browser.chromium87 import Visit
from tests.browser.site import Site, serving
from tests.factories import ROOT, make_engine
from tests.web.night import the_evening_before
from web.commands.deploy import deploy_all, folders, groups_of

NIGHT = "/studio/procedures/night"
READY = "[data-studio][data-ready=true]"
EVENTS = ("Message", "Timer", "Signal", "Conditional", "Error", "Escalation", "Compensate", "Link")
PLAIN = """
    Task UserTask SendTask ReceiveTask ServiceTask ScriptTask BusinessRuleTask ManualTask
    CallActivity SubProcess Transaction AdHocSubProcess ExclusiveGateway ParallelGateway
    InclusiveGateway EventBasedGateway ComplexGateway StartEvent EndEvent
    IntermediateThrowEvent DataObjectReference DataStoreReference TextAnnotation Group
"""
PLACES = ("StartEvent", "IntermediateCatchEvent", "IntermediateThrowEvent", "EndEvent")
WALK = Path(__file__).with_name("english_left.js").read_text(encoding="utf-8")


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    made = make_engine(tmp_path)
    the_evening_before(made)
    yield made
    made.database.close()


@pytest.fixture
def site(engine: Engine) -> Iterator[Site]:
    with serving(engine) as running:
        yield running


def opened(browser: Browser, site: Site, file: str) -> Page:
    page = site.page(browser, "analyst")
    page.goto(f"{site.url}{NIGHT}/files/{file}")
    page.wait_for_selector(READY)
    return page


def select(page: Page, element: str) -> None:
    page.click(f".djs-element[data-element-id={element}] .djs-hit >> nth=0")
    page.wait_for_selector("[data-panel] .bio-properties-panel-header")


def rename(page: Page, element: str, name: str) -> None:
    select(page, element)
    page.click("[data-group-id=group-general] .bio-properties-panel-group-header-title")
    page.fill("#bio-properties-panel-name", name)
    page.wait_for_selector("[data-saved]:has-text('未保存')")


def test_an_analyst_changes_a_name_checks_keeps_and_publishes_it(
    browser: Browser, site: Site, engine: Engine
) -> None:
    page = site.page(browser, "analyst")
    page.goto(site.url)
    page.click("main >> text=夜间查控")
    page.click("main >> text=night.bpmn")
    page.wait_for_selector(READY)
    rename(page, "Task_Request", "申请协助查找")
    page.click("[data-act=check]")
    page.wait_for_selector("[data-results]:not([hidden]) [role=status]:has-text('校验通过')")
    page.click("[data-act=save]")
    page.wait_for_selector("[data-saved]:has-text('草稿已保存')")
    engine.clock.advance(timedelta(minutes=1))
    page.click("[data-act=publish]")
    page.fill("#note", "名称与文书一致")
    page.click("main form .btn-primary")
    page.wait_for_selector("main >> text=已发布第 2 版")
    assert "名称与文书一致" in page.inner_text("main")
    assert page.said == []
    content = page.request.get(f"{site.url}{NIGHT}/files/night.bpmn/content").text()
    assert 'name="申请协助查找"' in content


def test_a_changed_name_is_the_only_difference_that_the_comparison_tells(
    browser: Browser, site: Site
) -> None:
    """So saving has touched nothing else: the comparison looks at every fact of both files."""
    page = opened(browser, site, "night.bpmn")
    rename(page, "Task_Request", "申请协助查找")
    page.click("[data-act=save]")
    page.wait_for_selector("[data-saved]:has-text('草稿已保存')")
    page.goto(f"{site.url}{NIGHT}/compare")
    page.wait_for_selector("[data-compare][data-ready=true]")
    (difference,) = page.locator("[data-difference]").all_inner_texts()
    assert re.search(r"改动 申请协助查找\s+Task_Request", difference)
    assert difference.endswith("→ 申请协助查找")
    assert page.locator(".is-changed[data-element-id=Task_Request]").count() == 2
    assert page.said == []


def test_a_complaint_stands_on_its_element_and_its_line_selects_it(
    browser: Browser, site: Site
) -> None:
    page = opened(browser, site, "night.bpmn")
    page.evaluate(
        """() => {
          const { modeler } = document.querySelector('[data-studio]');
          const task = modeler.get('elementRegistry').get('Task_Respond');
          modeler.get('modeling').updateProperties(task, { 'camunda:formRef': 'nowhere' });
        }"""
    )
    page.click("[data-act=check]")
    page.click("[data-results] li.is-error button")
    assert page.locator(".selected[data-element-id=Task_Respond]").count() == 1
    sign = page.locator("[data-container-id=Task_Respond] .complaint-sign.is-error")
    assert "nowhere" in (sign.get_attribute("title") or "")


def test_a_clause_is_found_by_its_words_and_quoted(browser: Browser, site: Site) -> None:
    page = opened(browser, site, "night.bpmn")
    select(page, "Task_Request")
    page.fill("[data-entry-id=studio-clause] input", "3个工作日")
    page.click(".studio-found button >> nth=0")
    page.wait_for_selector(".studio-clauses blockquote")
    assert "3个工作日" in page.inner_text("[data-entry-id=studio-clause] .studio-clauses")
    written = page.evaluate(
        "async () => (await document.querySelector('[data-studio]').modeler.saveXML()).xml"
    )
    assert re.search('<camunda:property name="legal.clause" value="NZ-2.1', written)


def test_what_the_editor_cannot_keep_is_asked_about_before_it_is_saved(
    browser: Browser, site: Site
) -> None:
    page = site.page(browser, "analyst")
    address = f"{site.url}{NIGHT}/files/night.bpmn"
    content = page.request.get(f"{address}/content").text()
    commented = content.replace("<bpmn:process ", "<!-- 会签意见 --><bpmn:process ", 1)
    page.goto(f"{site.url}{NIGHT}/files/night.bpmn")
    page.wait_for_selector(READY)
    page.evaluate(
        """async ([url, body]) => {
          const token = document.querySelector('meta[name=csrf-token]').content;
          const base = document.querySelector('[data-studio]').dataset.base;
          const headers = { 'X-CSRFToken': token };
          await fetch(`${url}?base=${base}`, { method: 'POST', body, headers });
        }""",
        [address, commented],
    )
    page.goto(address)
    page.wait_for_selector(READY)
    rename(page, "Task_Request", "申请协助查找")
    page.click("[data-act=save]")
    assert "会签意见" in page.inner_text("dialog")
    page.click("dialog >> text=取消")
    assert "会签意见" in page.request.get(f"{address}/content").text()
    page.click("[data-act=save]")
    page.click("dialog >> text=仍然保存")
    page.wait_for_selector("[data-saved]:has-text('草稿已保存')")


def test_tokens_walk_through_the_diagram(browser: Browser, site: Site) -> None:
    page = opened(browser, site, "night.bpmn")
    page.click(".bts-toggle-mode")
    page.click("[data-container-id=Start_Request] .bts-context-pad")
    page.wait_for_selector(".bts-token-count, .bts-token")
    assert page.inner_text(".bts-toggle-mode").strip() == "流程推演"


def test_a_form_is_edited_and_shown_as_officers_see_it(browser: Browser, site: Site) -> None:
    page = opened(browser, site, "night_respond.form")
    page.evaluate(
        """() => {
          const { editor } = document.querySelector('[data-studio]');
          const field = editor.get('formFieldRegistry').getAll().find(({ key }) => key === 'phone');
          editor.get('modeling').editFormField(field, 'label', '值班电话');
        }"""
    )
    page.wait_for_selector("[data-saved]:has-text('未保存')")
    page.click("[data-tab=preview]")
    page.wait_for_selector("[data-preview-body] label:has-text('值班电话')")
    page.click("[name=_try]")
    page.wait_for_selector("[data-preview-body] >> text=处需要更正")
    assert page.said == []


@pytest.fixture
def decisions(engine: Engine) -> None:
    """The police's routing table deployed with the procedure it belongs to."""
    home = [ROOT / "workflows"]
    deploy_all(engine, folders(home), groups_of(home))


@pytest.mark.usefixtures("decisions")
def test_a_decision_is_tried_out_and_its_rule_is_marked(browser: Browser, site: Site) -> None:
    page = site.page(browser, "analyst")
    home = "/studio/procedures/apprehension_handover/files"
    page.goto(f"{site.url}{home}/route_department.dmn")
    page.wait_for_selector(READY)
    page.fill("[data-given] input", "true")
    page.click("[data-try] button")
    page.wait_for_selector("[data-outcome] >> text=police_station")
    assert page.locator("tr.is-matched").count() == 1
    assert page.said == []


def element_types() -> list[dict[str, str]]:
    """Everything that can be drawn, each event with each kind of trigger."""
    plain = [{"type": f"bpmn:{name}"} for name in PLAIN.split()]
    events = [
        {"type": f"bpmn:{place}", "eventDefinitionType": f"bpmn:{kind}EventDefinition"}
        for place in PLACES
        for kind in EVENTS
        if (place, kind) != ("StartEvent", "Link")
    ]
    return plain + events


@pytest.mark.slow
def test_no_english_is_left_in_the_editor_of_diagrams(browser: Browser, site: Site) -> None:
    """Every element is drawn and selected, every group of the panel and every menu opened."""
    page = site.page(browser, "analyst")
    page.goto(f"{site.url}/studio")
    page.fill("#name", "试画")
    page.fill("#key", "trial")
    page.click("form[action='/studio/new'] button")
    page.wait_for_selector(READY)
    left = page.evaluate(WALK, element_types())
    assert left == {"shown": [], "untranslated": []}


@pytest.mark.usefixtures("decisions")
@pytest.mark.parametrize("file", ["apprehension_request.form", "route_department.dmn"])
def test_no_english_is_left_in_the_other_editors(browser: Browser, site: Site, file: str) -> None:
    page = site.page(browser, "analyst")
    page.goto(f"{site.url}/studio/procedures/apprehension_handover/files/{file}")
    page.wait_for_selector(READY)
    assert page.evaluate(WALK, []) == {"shown": [], "untranslated": []}


WAIT = """
  const pause = () => new Promise((go) => setTimeout(go, 50));
  while (!document.querySelector('[data-studio][data-ready]')) await pause();
  return document.querySelector('[data-studio]').dataset.ready;
"""


@pytest.mark.parametrize("file", ["night.bpmn", "night_respond.form"])
def test_chromium_87_opens_the_editor(chromium87: Visit, site: Site, file: str) -> None:
    address = f"{site.url}{NIGHT}/files/{file}"
    seen = chromium87(address, WAIT, before=site.entrance("analyst"))
    assert "Chrome/87." in seen.user_agent
    assert seen.value == "true"
