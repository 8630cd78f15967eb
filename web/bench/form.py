"""A form as officers meet it: ten questions, personal data among them, search terms, a variable."""

from __future__ import annotations

import json
from typing import Any

from web.bench.diagrams import Sample, process, tasks

NAME = "bench_form"


def with_form() -> Sample:
    """Three user tasks in a row, each with the form."""
    diagram = process("bench_form", tasks(3, NAME))
    return Sample("bench_form", diagram, (f"{NAME}.form", _schema()), _answers())


def _schema() -> bytes:
    components = [
        _field("textfield", "name", "姓名", validator="V-NAME"),
        _field("textfield", "doc_no", "身份证号", validator="V-RIC", index="document_no"),
        _field("textfield", "phone", "电话", validator="V-PHONE", index="phone"),
        _field("textfield", "address", "住址"),
        _field("datetime", "found_at", "发现时间", happened="true", validator="V-PAST"),
        _field("number", "amount", "标的金额", decimalDigits=2),
        _field("select", "measure", "措施", values=_options("拘传", "拘留"), routing="true"),
        _field("radio", "injured", "是否受伤", values=_options("是", "否")),
        _field("textarea", "injury", "伤情", visible_if='=injured = "是"'),
        _field("textarea", "note", "备注", required_if="=amount > 1000000"),
    ]
    schema = {"schemaVersion": 19, "type": "default", "id": NAME, "components": components}
    return json.dumps(schema, ensure_ascii=False).encode()


def _field(kind: str, key: str, label: str, **more: Any) -> dict[str, Any]:
    found: dict[str, Any] = {"type": kind, "id": key, "key": key}
    found |= {"subtype": "datetime", "dateLabel": label} if kind == "datetime" else {"label": label}
    for name in ("values", "decimalDigits"):
        if name in more:
            found[name] = more.pop(name)
    return found | {"properties": more}


def _options(*values: str) -> list[dict[str, str]]:
    return [{"label": value, "value": value} for value in values]


def _answers() -> dict[str, Any]:
    """As a page sends them; nobody was born in 1800 and has this number."""
    return {
        "name": "王某某",
        "doc_no": "411321180001010005",
        "phone": "13000001234",
        "address": "某县某街道某小区3号楼",
        "found_at": "2026-01-05T09:30",
        "amount": "250000.00",
        "measure": "拘传",
        "injured": "否",
        "note": "在住处发现。",
    }
