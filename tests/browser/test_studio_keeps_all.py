"""A diagram that the studio opens and saves has lost nothing, or the analyst was asked first."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from tests.factories import ROOT

SCRIPT = Path(__file__).with_name("save_as_the_studio.mjs")
XSI = "{http://www.w3.org/2001/XMLSchema-instance}"
# What an attribute means where it is absent (schema of BPMN 2.0): written or not, it is the same.
DEFAULTS = {
    ("isSequential", "false"), ("cancelActivity", "true"), ("isForCompensation", "false"),
    ("startQuantity", "1"), ("completionQuantity", "1"), ("isInterrupting", "true"),
    ("parallelMultiple", "false"), ("isCollection", "false"), ("isClosed", "false"),
    ("processType", "None"), ("gatewayDirection", "Unspecified"), ("instantiate", "false"),
    ("triggeredByEvent", "false"), ("isUnlimited", "true"), ("waitForCompletion", "true"),
    ("behavior", "All"), ("implementation", "##WebService"), ("eventGatewayType", "Exclusive"),
    ("ordering", "Parallel"), ("cancelRemainingInstances", "true"), ("minimum", "0"),
    ("associationDirection", "None"), ("textFormat", "text/plain"), ("itemKind", "Information"),
    ("expressionLanguage", "http://www.w3.org/1999/XPath"),
    ("typeLanguage", "http://www.w3.org/2001/XMLSchema"),
}  # fmt: skip


def facts(xml: bytes) -> Counter[Any]:
    """Every element with its attributes and text, however they are laid out and prefixed."""
    parser = etree.XMLParser(remove_comments=True, remove_pis=True, resolve_entities=False)
    return Counter(
        (element.tag, _attributes(element), _value(element, element.text or ""))
        for element in etree.fromstring(xml, parser).iter(etree.Element)
    )


def _attributes(element) -> tuple[tuple[str, str], ...]:
    return tuple(sorted(
        (name, _value(element, value))
        for name, value in element.attrib.items()
        if (name, value) not in DEFAULTS and not _is_layout(name, value)
    ))


def _is_layout(name: str, value: str) -> bool:
    return name == f"{XSI}schemaLocation" or (name == f"{XSI}type" and value.endswith("Point"))


def _value(element, written: str) -> str:
    """500.0 is 500, a line feed in an attribute is a blank, a prefix is but a name for its URI."""
    value = re.sub(r"\s+", " ", written).strip()
    if re.fullmatch(r"-?\d+(\.\d+)?", value):
        return str(float(value))
    prefix, point, rest = value.partition(":")
    return rest if point and prefix in element.nsmap else value


@cache
def saved(*files: Path) -> list[dict[str, Any]]:
    if shutil.which("node") is None:
        pytest.skip("node: none here: make assets takes it from its wheel")
    done = subprocess.run(
        ["node", SCRIPT], input=json.dumps([str(file) for file in files]),
        capture_output=True, text=True, check=True, cwd=ROOT,
    )
    return json.loads(done.stdout)


def lost_without_a_word(files: list[Path]) -> list[str]:
    """Files whose facts after saving are fewer, though the studio would not have asked."""
    answers = saved(*files)
    return [
        f"{answer['file']}: {lost}"
        for answer in answers
        if "saved" in answer and not answer["losses"]
        if (lost := facts(Path(answer["file"]).read_bytes()) - facts(answer["saved"].encode()))
    ]


def test_our_own_procedures_survive_opening_and_saving() -> None:
    files = sorted((ROOT / "workflows").rglob("*.bpmn"))
    assert files
    assert lost_without_a_word(files) == []
    # Nothing in them is such that the studio would have to ask.
    assert [answer["losses"] for answer in saved(*files) if answer.get("losses") != []] == []


def test_diagrams_from_outside_survive_or_the_analyst_is_asked() -> None:
    folder = os.environ.get("BPMN_SAMPLES")
    if not folder:
        pytest.skip("diagrams from outside: BPMN_SAMPLES is not set")
    files = sorted(file for file in Path(folder).rglob("*.bpmn") if _is_xml(file))
    assert lost_without_a_word(files) == []


def _is_xml(file: Path) -> bool:
    try:
        facts(file.read_bytes())
    except etree.XMLSyntaxError:
        return False
    return True


LOSSY = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" id="d" targetNamespace="t"%s>
  <process id="p"><startEvent id="s" %s/>%s</process>
</definitions>"""


@pytest.mark.parametrize(
    "parts",
    [
        ("", "", "<!-- why this is so -->"),
        ("", "", "<?tool note?>"),
        ("", "", '<sequenceFlow id="f" sourceRef="s" targetRef="nowhere"/>'),
        ("", "", '<task id="s"/>'),
        ("", "", "<stranger/>"),
        (' xmlns:camunda="http://activiti.org/bpmn"', 'camunda:formKey="a"', ""),
    ],
    ids=["comment", "instruction", "dangling", "twice", "unknown", "other-vocabulary"],
)
def test_what_the_editor_would_drop_is_asked_about(parts: tuple[str, ...], tmp_path: Path) -> None:
    file = tmp_path / "lossy.bpmn"
    file.write_text(LOSSY % parts, encoding="utf-8")
    (answer,) = saved(file)
    assert answer.get("losses") or answer.get("refused")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "gb18030", "gbk"])
def test_the_declared_encoding_is_read(encoding: str, tmp_path: Path) -> None:
    file = tmp_path / "named.bpmn"
    text = (LOSSY % ("", 'name="立案登记"', "")).replace("UTF-8", encoding.upper())
    file.write_bytes(text.encode(encoding))
    (answer,) = saved(file)
    assert 'name="立案登记"' in answer["saved"]
