"""A form on somebody's desk, of a task or of a start: typing, drafts, uploads, submission."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import uuid4

from flask import Response, make_response, render_template, request, url_for
from werkzeug.datastructures import MultiDict

from engine import incidents
from engine.attachments import store_file
from engine.bpmn.faults import Fault
from engine.drafts import discard_draft, save_draft
from engine.errors import LiandongError, Refusal
from engine.ports import FieldError
from engine.queries import files, names
from engine.queries.case_forms import case_forms
from engine.queries.tasks import OpenedForm
from forms.adapter import FormsAdapter
from forms.case_file import folded
from forms.drafts import capture, restore
from forms.entering import pressed
from forms.open_form import OpenForm
from forms.rendering import form_view
from forms.schema.model import Schema, questions
from forms.showing import Group
from forms.uploads import take
from forms.views import FileView
from web.auth.viewer import acting, client_address, the_engine, viewer
from web.errors import said, status_of
from web.language import language
from web.messages import sentence

KEY = "_key"
"""The hidden field that makes a second click the same request as the first."""
FEW = 6
"""Questions of a form that judges what others entered: the case file lies open beside it."""
BUTTONS = ("_refresh", "_add", "_remove", "_drop", "_draft")
"""Buttons that change the form instead of sending it; they work without JavaScript."""


@dataclass
class Desk:
    """One form for one request. `status` and `words` tell what to answer."""

    key: str
    opened: OpenedForm
    business_key: str | None = None
    status: int = 200
    words: str = ""
    saved_at: datetime | None = None
    form: OpenForm | None = None
    flat: MultiDict[str, Any] = field(default_factory=MultiDict)

    @property
    def schema(self) -> Schema | None:
        return _forms().schema(self.opened.form) if self.opened.form else None

    def show(self) -> None:
        """As it was left: the draft, else prefilled."""
        schema = self.schema
        if schema is None:
            return
        draft = self.opened.draft
        self.saved_at = self.opened.draft_saved_at
        self.form = self._open(restore(schema, draft) if draft is not None else None)

    def read(self) -> None:
        """What was sent: typing, uploads, the button that was pressed."""
        schema, errors = self.schema, []
        self.flat = MultiDict(request.form)
        if schema is None:
            return
        self.flat, errors = take(schema, self.flat, request.files, self._store)
        self.flat = pressed(schema, self.flat)
        self.form = self._open(self.flat, errors)

    def keep(self) -> None:
        """Save the typing as the draft."""
        self.saved_at = save_draft(
            *acting(), self.key, capture(self.flat), address=client_address()
        )

    def forget(self) -> None:
        discard_draft(*acting(), self.key, address=client_address())

    def is_ready(self) -> bool:
        """Valid, and its warnings have been seen; otherwise the page shows it again, kept."""
        if self.form is None:
            return True
        if self.form.validate() and not self.form.must_confirm(self.flat):
            return True
        self.status = 422
        self.keep()
        return False

    def send(self, submit: Callable[[Mapping[str, Any], str], Any]) -> Any | None:
        """Submit; None where the engine said no: the page shows the typing and its sentence."""
        values = self.form.entered() if self.form else {}
        values |= {"overdue_reason": reason} if (reason := self.flat.get("_overdue_reason")) else {}
        try:
            return submit(values, self.flat.get(KEY) or new_key())
        except Refusal as refusal:
            self._refused(refusal)
        except Fault as fault:
            incidents.report(*acting(), fault)
            self.status, self.words = 500, sentence("task.fault", {}, language())
        except LiandongError as error:
            self.status, self.words = status_of(error), said(error)
        self.keep()
        return None

    def asks_overdue_reason(self) -> bool:
        """The engine wants to know why the duty is late (procedures A6 C-2)."""
        asked = self.form.errors if self.form else []
        return "_overdue_reason" in self.flat or any(e.path == "overdue_reason" for e in asked)

    def view(self) -> Any:
        """What templates/forms/ shows."""
        if self.form is None:
            return None
        self.form.start_new()
        return form_view(self.form, say, _files)

    def asks_little(self) -> bool:
        """Whether the form is a judgment on what is known rather than new facts."""
        return self.schema is None or len(list(questions(self.schema.parts))) <= FEW

    def known(self, definition_ids: Sequence[str]) -> tuple[Group, ...]:
        """What the agency knows of the request, to be read; asked for by these procedures."""
        asked = case_forms(the_engine(), definition_ids)
        forms = [(one.step, _forms().schema(one.form)) for one in asked]
        return folded(forms, self.opened.scope.get("case_file", {}), _files, _names)

    def _refused(self, refusal: Refusal) -> None:
        self.status = 422
        errors = refusal.params.get("errors")
        if errors and self.form:
            self.form.show(errors)
        else:
            self.words = said(refusal)

    def _open(
        self, flat: MultiDict[str, Any] | None, errors: list[FieldError] | None = None
    ) -> OpenForm:
        assert self.schema is not None
        now = the_engine().clock.now()
        return OpenForm(
            self.schema, self.opened.scope, now, _forms().settings, flat=flat, extra=errors or ()
        )

    def _store(self, filename: str, media_type: str, content: bytes) -> str:
        return store_file(
            *acting(),
            filename,
            media_type,
            content,
            self.business_key,
            address=client_address(),
        )


def new_key() -> str:
    """A fresh idempotency key, one for every form that is rendered."""
    return uuid4().hex


def changes_form() -> bool:
    """Whether the button pressed changes the form instead of sending it."""
    return any(name in request.form for name in BUTTONS)


def is_exchange() -> bool:
    """htmx asks for the form's fields alone."""
    return request.headers.get("HX-Request") == "true"


def only_fields(desk: Desk) -> Response:
    """The form's fields after a change, for htmx to exchange."""
    body = render_template("forms/body.html", view=desk.view(), action=request.path)
    return make_response(body)


def say(code: str, params: Mapping[str, Any]) -> str:
    """The sentence of a field's error in the reader's language."""
    return sentence(code, params, language())


def _files(ids: Sequence[str]) -> dict[str, FileView]:
    """The stored files that a form shows, with where to open them."""
    found = files.files(the_engine(), viewer().actor, ids)
    return {
        one.id: FileView(one.id, one.name, one.size, url_for("files.show", file_id=one.id))
        for one in found
    }


def _names(ids: Iterable[str]) -> dict[str, str]:
    """Names of the units and agencies that an answer chose."""
    with the_engine().database.read() as session:
        return names.units(session, ids) | names.agencies(session, ids)


def _forms() -> FormsAdapter:
    adapter = the_engine().forms
    assert isinstance(adapter, FormsAdapter)
    return adapter
