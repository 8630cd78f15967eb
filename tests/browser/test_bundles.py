"""The bundles in a browser, old and new, under the content security policy of the pages."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.chromium87 import Visit

DIST = Path(__file__).parents[2] / "web" / "static" / "dist"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'self'"
)
TYPES = {".js": "text/javascript", ".css": "text/css", ".bpmn": "text/xml", ".html": "text/html"}

STATES = {
    "Receive": {"states": ["done"]},
    "Flow_1": {"states": ["done"]},
    "Register": {"states": ["active", "overdue"], "count": 2, "note": "执行一组 · 逾期 3 天"},
    "Send": {"states": ["incident"]},
    "NotInThisDiagram": {"states": ["done"]},
}

# A diagram far wider than any screen: what the view makes of it is what is tested.
BOUNDS = {
    "Receive": (100, 132, 36, 36),
    "Register": (240, 110, 100, 80),
    "Send": (1900, 110, 100, 80),
}
WAYS = {"Flow_1": (136, 240), "Flow_2": (340, 1900)}
SHAPES = "".join(
    f"""<bpmndi:BPMNShape id="{name}_di" bpmnElement="{name}">
      <dc:Bounds x="{x}" y="{y}" width="{width}" height="{height}"/></bpmndi:BPMNShape>"""
    for name, (x, y, width, height) in BOUNDS.items()
)
EDGES = "".join(
    f"""<bpmndi:BPMNEdge id="{name}_di" bpmnElement="{name}">
      <di:waypoint x="{start}" y="150"/><di:waypoint x="{end}" y="150"/></bpmndi:BPMNEdge>"""
    for name, (start, end) in WAYS.items()
)
DIAGRAM = f"""<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"
  xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI"
  xmlns:dc="http://www.omg.org/spec/DD/20100524/DC"
  xmlns:di="http://www.omg.org/spec/DD/20100524/DI"
  id="Definitions" targetNamespace="urn:liandong:test">
  <process id="assistance">
    <startEvent id="Receive" name="收到裁定"/>
    <sequenceFlow id="Flow_1" sourceRef="Receive" targetRef="Register"/>
    <userTask id="Register" name="立案登记"/>
    <sequenceFlow id="Flow_2" sourceRef="Register" targetRef="Send"/>
    <serviceTask id="Send" name="发送通知书"/>
  </process>
  <bpmndi:BPMNDiagram id="Diagram"><bpmndi:BPMNPlane id="Plane" bpmnElement="assistance">
    {SHAPES}{EDGES}
  </bpmndi:BPMNPlane></bpmndi:BPMNDiagram>
</definitions>"""


def page_of(place: str) -> str:
    names = json.loads((DIST / "manifest.json").read_text())
    return f"""<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>流程图</title>
      <link rel="icon" href="data:,">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <link rel="stylesheet" href="/{names['app.css']}">
      <link rel="stylesheet" href="/{names['viewer.css']}">
      <script defer src="/{names['app.js']}"></script>
      <script defer src="/{names['viewer.js']}"></script>
      </head><body><main><p data-element="Register">立案登记</p>{place}</main></body></html>"""


PLACE = '<div id="d1" class="diagram" data-diagram-url="/{diagram}" {states}></div>'
INLINE = f'<script type="application/json" data-states-for="d1">{json.dumps(STATES)}</script>'
FILES = {
    "/whole.html": page_of(PLACE.format(diagram="diagram.bpmn", states="") + INLINE),
    "/missing.html": page_of(PLACE.format(diagram="nowhere.bpmn", states="")),
    "/fetched.html": page_of(
        PLACE.format(diagram="diagram.bpmn", states='data-states-url="/states.json"')
    ),
    "/diagram.bpmn": DIAGRAM,
    "/states.json": json.dumps(STATES),
}


class Answers(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        bundled = DIST / self.path.lstrip("/")
        known = FILES.get(self.path)
        body = known.encode() if known else bundled.read_bytes() if bundled.is_file() else b""
        self.send_response(200 if body else 404)
        self.send_header("Content-Type", TYPES.get(Path(self.path).suffix, "application/json"))
        self.send_header("Content-Security-Policy", POLICY)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing: the test's own output is what counts."""


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1366, "height": 768}, locale="zh-CN")
    yield context.new_page()
    context.close()


@pytest.fixture
def complaints(page: Page) -> list[str]:
    """Errors of scripts and breaches of the policy, as the page's console gets them."""
    lines: list[str] = []
    page.on("console", lambda line: lines.append(line.text) if line.type == "error" else None)
    page.on("pageerror", lambda error: lines.append(str(error)))
    return lines


def shown(page: Page, address: str) -> None:
    page.goto(address)
    page.wait_for_selector("#d1[data-ready]")


@pytest.mark.parametrize("source", ["whole", "fetched"])
def test_a_diagram_shows_what_is_done_late_and_broken(
    page: Page, complaints: list[str], site: str, source: str
) -> None:
    """Given states beside the page or at an address, the shapes carry their classes and signs."""
    shown(page, f"{site}/{source}.html")
    assert page.locator(".djs-shape.is-done[data-element-id=Receive]").count() == 1
    assert page.locator(".djs-connection.is-done[data-element-id=Flow_1]").count() == 1
    assert page.locator(".is-active.is-overdue[data-element-id=Register]").count() == 1
    assert page.locator(".diagram-badge.is-overdue").inner_text() == "2"
    assert page.locator(".diagram-badge.is-incident").inner_text() == "!"
    assert page.locator(".diagram-note").inner_text() == "执行一组 · 逾期 3 天"
    assert complaints == []


def box(page: Page, element: str) -> dict[str, float]:
    found = page.locator(f"[data-element-id={element}] .djs-hit").first.bounding_box()
    assert found
    return found


def test_on_a_desktop_the_whole_diagram_fits_its_place(page: Page, site: str) -> None:
    shown(page, f"{site}/whole.html")
    place = page.locator("#d1").bounding_box()
    assert place
    for element in ("Receive", "Send"):
        assert place["x"] <= box(page, element)["x"]
        assert box(page, element)["x"] + box(page, element)["width"] <= place["x"] + place["width"]


def test_on_a_phone_the_broken_step_stands_readable_in_the_middle(page: Page, site: str) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    shown(page, f"{site}/whole.html")
    place, step = page.locator("#d1").bounding_box(), box(page, "Send")
    assert place
    assert step["width"] >= 69
    assert abs(step["x"] + step["width"] / 2 - place["x"] - place["width"] / 2) < 5


def test_a_finger_moves_the_diagram(browser: Browser, site: str) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True)
    page = context.new_page()
    shown(page, f"{site}/whole.html")
    before = box(page, "Send")["x"]
    page.evaluate(
        """() => {
          const target = document.querySelector('#d1');
          const send = (type, clientX) => target.dispatchEvent(new TouchEvent(type, {
            touches: [new Touch({ identifier: 1, target, clientX, clientY: 200 })],
            cancelable: true,
          }));
          send('touchstart', 300);
          send('touchmove', 260);
          send('touchmove', 200);
        }"""
    )
    assert box(page, "Send")["x"] == pytest.approx(before - 100, abs=1)
    context.close()


def test_the_row_and_the_shape_select_each_other(page: Page, site: str) -> None:
    shown(page, f"{site}/whole.html")
    row = page.locator("p[data-element=Register]")
    row.click()
    assert page.locator(".selected[data-element-id=Register]").count() == 1
    assert "is-selected" in (row.get_attribute("class") or "")
    page.locator("[data-element-id=Receive] .djs-hit").first.click()
    assert "is-selected" not in (row.get_attribute("class") or "")


def test_a_diagram_that_cannot_be_read_says_so(page: Page, site: str) -> None:
    shown(page, f"{site}/missing.html")
    assert page.locator("#d1 [role=alert]").inner_text() == "流程图未能显示：404 /nowhere.bpmn"


def test_chromium_87_shows_the_same_diagram(chromium87: Visit, site: str) -> None:
    """The polyfills and the build target reach back as far as the offices' browsers."""
    seen = chromium87(
        f"{site}/whole.html",
        """const pause = () => new Promise((go) => setTimeout(go, 20));
           while (!document.querySelector('#d1[data-ready]')) await pause();
           return [...document.querySelectorAll('.diagram-badge')].map((it) => it.textContent)""",
    )
    assert "Chrome/87." in seen.user_agent
    assert seen.value == ["2", "!"]
    assert seen.console == []
