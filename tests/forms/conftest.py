"""Forms made in a line, the field groups of the project, one fixed night."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
import pytest
from werkzeug.datastructures import MultiDict

from engine.errors import Refusal
from engine.ports import FieldError, Validated
from forms.adapter import FormsAdapter
from forms.context import FormSettings
from forms.open_form import OpenForm

GROUPS = Path(__file__).parents[2] / "workflows" / "groups"
NIGHT = datetime(2026, 11, 19, 19, 10, tzinfo=UTC)  # 03:10 on the 20th in China


@pytest.fixture
def now() -> datetime:
    return NIGHT


@pytest.fixture(scope="session")
def groups() -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in sorted(GROUPS.glob("*.form"))}


@pytest.fixture(scope="session")
def adapter() -> FormsAdapter:
    return FormsAdapter(FormSettings(test_identities=True))


class Bench:
    """A form under test and the ways to fill it in."""

    def __init__(self, adapter: FormsAdapter, form: dict[str, Any]) -> None:
        self.adapter = adapter
        self.form = form
        self.schema = adapter.schema(form)

    def accept(self, values: dict[str, Any], scope: dict[str, Any] | None = None) -> Validated:
        return self.adapter.validate(self.form, values, scope or {}, now=NIGHT)

    def refuse(
        self, values: dict[str, Any], scope: dict[str, Any] | None = None
    ) -> list[FieldError]:
        with pytest.raises(Refusal) as caught:
            self.accept(values, scope)
        assert caught.value.code == "form.invalid"
        errors: list[FieldError] = caught.value.params["errors"]
        return errors

    def codes(
        self, values: dict[str, Any], scope: dict[str, Any] | None = None
    ) -> list[tuple[str, str]]:
        return [(error.path, error.code) for error in self.refuse(values, scope)]

    def open(
        self, flat: list[tuple[str, Any]] | None = None, scope: dict[str, Any] | None = None
    ) -> OpenForm:
        typed = None if flat is None else MultiDict(flat)
        return OpenForm(self.schema, scope or {}, NIGHT, self.adapter.settings, flat=typed)


def document(*components: dict[str, Any], form_id: str = "night_report") -> bytes:
    return orjson.dumps({"schemaVersion": 19, "id": form_id, "components": list(components)})


@pytest.fixture
def form_bytes() -> Callable[..., bytes]:
    return document


@pytest.fixture
def bench(adapter: FormsAdapter, groups: dict[str, bytes]) -> Callable[..., Bench]:
    """`bench(component, …)`: a form of these components, expanded and ready."""

    def make(*components: dict[str, Any]) -> Bench:
        return Bench(adapter, adapter.expand(document(*components), groups))

    return make


@pytest.fixture
def group_bench(adapter: FormsAdapter, groups: dict[str, bytes]) -> Callable[[str], Bench]:
    """`group_bench("FG-PERSON")`: a field group as a form of its own."""

    def make(group: str) -> Bench:
        return Bench(adapter, adapter.expand(groups[f"{group}.form"], groups))

    return make


def component(kind: str, key: str, **attributes: Any) -> dict[str, Any]:
    """A component with what every component needs."""
    name = "path" if kind in ("group", "dynamiclist") else "key"
    label = "dateLabel" if kind == "datetime" else "label"
    return {"type": kind, "id": f"c_{key}", name: key, label: f"项目{key}", **attributes}


@pytest.fixture
def field() -> Callable[..., dict[str, Any]]:
    return component
