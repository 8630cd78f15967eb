"""A complaint about a deployed file as one line: file, line, element, what is wrong, what to do."""

from __future__ import annotations

from engine.ports import Complaint
from web.messages import sentence


def complaint_line(complaint: Complaint, language: str = "zh") -> str:
    """`a.bpmn:12 “审核”（review）错误：…`, in Chinese or English."""
    place = complaint.file + (f":{complaint.line}" if complaint.line else "")
    element = ""
    if complaint.element_id:
        name = complaint.element_name
        if language == "zh":
            element = f"“{name}”（{complaint.element_id}）" if name else complaint.element_id
        else:
            element = f"“{name}” ({complaint.element_id})" if name else complaint.element_id
    severity = sentence(f"check.{complaint.severity}", language=language)
    params = {
        "element": complaint.element_id, "name": complaint.element_name, **complaint.params
    }  # fmt: skip
    told = sentence(complaint.code, params, language)
    return " ".join(part for part in (place, element, severity, told) if part)
