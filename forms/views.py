"""What a form's template is given: plain values, every sentence made."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from forms.schema.model import Option


@dataclass(frozen=True, slots=True)
class FileView:
    """A stored file, as its row on the page; `url` is empty where it cannot be opened."""

    id: str
    name: str
    size: int | None = None
    url: str = ""


@dataclass(frozen=True, slots=True)
class FieldView:
    """One control. `id` is also what the summary links to; `name` is its flat name."""

    id: str
    name: str
    label: str
    kind: str
    input_type: str
    input_mode: str
    text: str
    chosen: tuple[str, ...]
    options: tuple[Option, ...]
    help: str
    errors: tuple[str, ...]
    warnings: tuple[str, ...]
    required: bool
    readonly: bool
    watched: bool
    suffix: str
    width: int
    row: str
    accept: str = ""
    multiple: bool = False
    files: tuple[FileView, ...] = ()

    @property
    def described_by(self) -> str:
        """The ids of what explains the control, for `aria-describedby`."""
        told = (("help", self.help), ("warning", self.warnings), ("error", self.errors))
        return " ".join(f"{self.id}-{name}" for name, words in told if words)


@dataclass(frozen=True, slots=True)
class LineView:
    """Controls side by side."""

    fields: tuple[FieldView, ...]
    block: str = "line"


@dataclass(frozen=True, slots=True)
class RowView:
    """One row; `number` counts from 1."""

    name: str
    row_id: str
    number: int
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class RowsView:
    """A repeating group."""

    id: str
    name: str
    label: str
    help: str
    rows: tuple[RowView, ...]
    errors: tuple[str, ...]
    warnings: tuple[str, ...]
    required: bool
    readonly: bool
    block: str = "rows"

    @property
    def described_by(self) -> str:
        told = (("help", self.help), ("warning", self.warnings), ("error", self.errors))
        return " ".join(f"{self.id}-{name}" for name, words in told if words)


@dataclass(frozen=True, slots=True)
class SectionView:
    id: str
    label: str
    blocks: tuple[Block, ...]
    outlined: bool
    block: str = "section"


@dataclass(frozen=True, slots=True)
class NoteView:
    """Words; without any, a separating line."""

    html: Markup
    block: str = "note"


Block = LineView | RowsView | SectionView | NoteView


@dataclass(frozen=True, slots=True)
class Told:
    """One line of the summary: where, called what, which sentence."""

    id: str
    label: str
    words: str


@dataclass(frozen=True, slots=True)
class FormView:
    """The whole form. `seal` is sent back to say that the warnings were seen."""

    id: str
    blocks: tuple[Block, ...]
    errors: tuple[Told, ...]
    warnings: tuple[Told, ...]
    seal: str = ""
