"""A level of a form: the whole form, a keyed section or one row; bound, settled, validated.

Settling decides what is shown: named validators normalise, then conditions are evaluated again
and again until nothing changes, because what is hidden is null to the others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any, ClassVar

from wtforms.form import BaseForm
from wtforms.meta import DefaultMeta

from engine.ports import FieldError
from forms.context import CheckContext, FormSettings
from forms.conversion import is_empty
from forms.fields import QuestionField, RowField, RowsField, SectionField
from forms.schema.model import Entry, Marks, Part
from forms.validators import VALIDATORS

Names = Mapping[str, Any]


class LevelForm(BaseForm):
    """Made per schema by forms.classes; `parts` and `entries` describe the level."""

    parts: ClassVar[tuple[Part, ...]] = ()
    declared: ClassVar[dict[str, Any]] = {}
    conditional: ClassVar[tuple[Entry, ...]] = ()
    watched: ClassVar[frozenset[str]] = frozenset()
    """On the outermost level: the names whose change may change how the form looks."""

    def __init__(
        self,
        formdata: Any = None,
        data: Names | None = None,
        prefix: str = "",
        meta: dict[str, Any] | None = None,
    ) -> None:
        own = DefaultMeta()
        own.update_values(meta or {})
        super().__init__(self.declared, prefix=prefix, meta=own)
        self.names: Names = {}
        self.now: datetime | None = None
        self.process(formdata, data=data)

    # -- walking ----------------------------------------------------------------------------

    def levels(self) -> Iterator[LevelForm]:
        """This level and those below it."""
        yield self
        for field in self:
            for below in below_of(field):
                yield from below.levels()

    def questions(self) -> Iterator[QuestionField]:
        """The questions of this level alone."""
        return (field for field in self if isinstance(field, QuestionField))

    def is_blank(self) -> bool:
        return all(field.is_blank() for field in self)

    def known(self) -> dict[str, Any]:
        """The values as conditions see them."""
        return {name: field.known() for name, field in self._fields.items()}

    # -- settling ---------------------------------------------------------------------------

    def settle(self, scope: Names, now: datetime, settings: FormSettings) -> None:
        """Normalise, then decide what is shown. Once, on the outermost level."""
        for level in self.levels():
            level.judge(now, settings)
        rounds = 2 + sum(len(level.conditional) for level in self.levels())
        while self.decide(scope, now) and rounds:
            rounds -= 1

    def judge(self, now: datetime, settings: FormSettings) -> None:
        """Run the named validators of this level."""
        context = CheckContext(now, settings, self.known())
        for field in self.questions():
            if field.question.marks.validators and not is_empty(field.data):
                _judge(field, context)

    def decide(self, outer: Names, now: datetime) -> bool:
        """Evaluate the conditions of this level and below once; True when something changed."""
        self.names, self.now = {**outer, **self.known()}, now
        changed = False
        for entry in self.conditional:
            field = self[entry.part.key]
            shown = all(is_shown(marks, self.names, now) for marks in entry.marks)
            changed |= shown != field.shown
            field.shown = shown
        below = [level.decide(self.names, now) for field in self for level in below_of(field)]
        return changed or any(below)

    def shows(self, marks: Marks) -> bool:
        """Whether a section or note without a key is shown."""
        assert self.now is not None
        return is_shown(marks, self.names, self.now)

    def holds(self, condition: Any) -> Any:
        """What a condition of this level yields now; None without a condition."""
        return condition.value(self.names, self.now) if condition else None

    # -- validating -------------------------------------------------------------------------

    def validate(self, extra_validators: Any = None) -> bool:
        """Every shown field; all of them, so that all errors are found at once."""
        outcomes = [field.validate(self) for field in self if field.shown]
        return all(outcomes)

    def errors_found(self) -> Iterator[FieldError]:
        """In the order of the form."""
        yield from self._gathered(lambda field: field.errors)

    def warnings_found(self) -> Iterator[FieldError]:
        """In the order of the form."""
        yield from self._gathered(lambda field: field.warnings)

    def _gathered(self, of: Callable[[Any], Any]) -> Iterator[FieldError]:
        for field in self:
            if not field.shown:
                continue
            if isinstance(field, QuestionField | RowsField):
                yield from of(field)
            for level in below_of(field):
                yield from level._gathered(of)


def is_shown(marks: Marks, names: Names, now: datetime) -> bool:
    """`visible_if` must be true where it is given, `conditional.hide` must not be."""
    if marks.visible_if is not None and marks.visible_if.value(names, now) is not True:
        return False
    return marks.hide is None or marks.hide.value(names, now) is not True


def below_of(field: Any) -> list[LevelForm]:
    """The levels under one field; blank rows too."""
    if isinstance(field, RowsField):
        return [row.form for row in field.entries]
    if isinstance(field, SectionField) and not isinstance(field, RowField):
        return [field.form]
    return []


def _judge(field: QuestionField, context: CheckContext) -> None:
    """The first validator that accepts wins; where none does, the first one's problem stands."""
    answers = [VALIDATORS[name](field.data, context) for name in field.question.marks.validators]
    accepted = next((answer for answer in answers if answer.error is None), answers[0])
    field.data = accepted.value
    field.judged = accepted.error
    if accepted.warning:
        field.warnings.append(field.refused(accepted.warning))
