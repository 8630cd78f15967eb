"""Trying out what is being drawn: a form as officers will see it, a decision with given values."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from flask import Response, abort, make_response, render_template, request
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from engine.errors import LiandongError
from engine.feel import describe
from engine.feel.decisions import DecisionModel, DecisionResult, Reason, load
from engine.feel.functions.text import to_string
from engine.feel.limits import Run
from forms.adapter import FormsAdapter
from forms.entering import pressed
from forms.open_form import OpenForm
from forms.rendering import form_view
from web.auth.viewer import the_engine
from web.errors import said
from web.language import language
from web.messages import sentence
from web.studio import complaining
from web.studio.blueprint import pages
from web.studio.surroundings import groups
from web.tasklist.desk import say

SCHEMA = "_schema"


@pages.post("/procedures/<procedure>/files/<path:file>/preview")
def preview(procedure: str, file: str) -> Response:
    """The form in `_schema` with the typing beside it, by the officers' own renderer."""
    schema = request.form[SCHEMA].encode()
    adapter = the_engine().forms
    assert isinstance(adapter, FormsAdapter)
    complaints = adapter.check(file, schema, groups())
    if any(one.severity == "error" for one in complaints):
        rows = complaining.rows(complaints)
        return make_response(render_template("studio/complaints.html", complaints=rows), 422)
    expanded = adapter.expand(schema, groups())
    opened = _opened(adapter, expanded)
    tried = "_try" in request.form
    accepted = tried and opened.validate()
    body = render_template(
        "studio/preview.html",
        view=form_view(opened, say),
        accepted=accepted,
        routing=opened.validated().routing if accepted else {},
    )
    return make_response(body)


def _opened(adapter: FormsAdapter, expanded: Mapping[str, Any]) -> OpenForm:
    schema = adapter.schema(expanded)
    typed = MultiDict(
        (name, value) for name, value in request.form.items(multi=True) if name != SCHEMA
    )
    flat = pressed(schema, typed) if typed else None
    return OpenForm(schema, {}, the_engine().clock.now(), adapter.settings, flat=flat)


@pages.post("/procedures/<procedure>/files/<path:file>/inputs")
def inputs(procedure: str, file: str) -> dict[str, Any]:
    """The decisions of the posted file, each with what it needs to be given."""
    try:
        model = _loaded(request.get_data(), file)
    except LiandongError as problem:
        return {"decisions": [], "words": said(problem)}
    return {"decisions": [_decision(model, one.id, one.place.name) for one in model.decisions]}


@pages.post("/procedures/<procedure>/files/<path:file>/decide")
def decide(procedure: str, file: str) -> dict[str, Any]:
    """{content, decision, values: {name: text}} → the value and the rules that matched."""
    content, decision, typed = _asked()
    try:
        model = _loaded(content, file)
        context = model.typed(decision, {name: _read(text) for name, text in typed.items()})
        result = model.evaluate(decision, context, now=the_engine().clock.now())
    except LiandongError as problem:
        return {"words": said(problem)}
    return _told(result)


def _asked() -> tuple[bytes, str, dict[str, str]]:
    """What was posted to `decide`; 400 for anything that our pages do not send."""
    try:
        asked = request.get_json()
        values = {str(name): str(text) for name, text in asked["values"].items()}
        return str(asked["content"]).encode(), str(asked["decision"]), values
    except (LookupError, TypeError, AttributeError, UnicodeEncodeError, RecursionError):
        abort(400)


def _loaded(content: bytes, file: str) -> DecisionModel:
    """The model; the first text in it that is no FEEL is said instead."""
    model = load(content, file)
    for problem in model.problems:
        raise problem
    return model


def _decision(model: DecisionModel, id_: str, name: str | None) -> dict[str, Any]:
    needed = model.required_inputs(id_)
    return {"id": id_, "name": name or id_, "inputs": list(dict.fromkeys(i.name for i in needed))}


def _read(text: str) -> Any:
    """Numbers, true, false, null and lists as JSON writes them; anything else is text."""
    if not text.strip():
        return None
    try:
        return json.loads(text, parse_float=Decimal, parse_int=Decimal)
    except (ValueError, ArithmeticError, RecursionError):
        return text


def _told(result: DecisionResult) -> dict[str, Any]:
    rules = [
        {"table": one.table.id, "number": one.number, "id": one.id, "note": one.description}
        for one in result.matched_rules
    ]
    words = ""
    if result.value is None:
        words = " ".join(_reason(one) for one in result.reasons) or _("没有规则命中，结果为空。")
    return {"value": to_string(result.value, Run(None, None, None)), "rules": rules, "words": words}


def _reason(reason: Reason) -> str:
    lang = "en" if language() == "en" else "zh"
    cause = describe(reason.cause, lang) if reason.cause else ""
    return sentence(reason.code, {**reason.params, "cause": cause}, lang)
