"""What a document keeps sealed beside its bytes: its words, and what it takes to make it again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from engine.letters import Edit, Filled
from engine.store.models import Document
from engine.store.unit_of_work import Unit

PURPOSE = "document"
"""What a document's words are sealed for, bound to its id."""


@dataclass(frozen=True, slots=True)
class Kept:
    """The sealed part of a document."""

    filled: Filled
    """The words as they are printed."""
    base: Filled
    """The words of the template with the facts put in, before anybody edited them."""
    edits: tuple[Edit, ...]
    lost: tuple[Edit, ...]
    """Edits of the version before that no longer fit, because the facts have changed."""
    variant: str
    deployment: str
    """The deployment that holds the layouts."""
    made_with: Mapping[str, str]
    made_at: datetime

    def seal(self, unit: Unit, document_id: str) -> bytes:
        """Sealed for this document alone."""
        content = {
            "filled": self.filled.as_data(),
            "base": self.base.as_data() if self.edits else None,
            "edits": [asdict(edit) for edit in self.edits],
            "lost": [asdict(edit) for edit in self.lost],
            "variant": self.variant,
            "deployment": self.deployment,
            "made_with": dict(self.made_with),
            "made_at": self.made_at.isoformat(),
        }
        return unit.engine.crypto.seal_json(content, PURPOSE, document_id)

    @classmethod
    def of(cls, unit: Unit, document: Document) -> Kept:
        """The inverse of `seal`; documents of an earlier release have no edits."""
        found: dict[str, Any] = unit.engine.crypto.open_json(document.sealed, PURPOSE, document.id)
        return cls(
            filled=Filled.from_data(found["filled"]),
            base=Filled.from_data(found.get("base") or found["filled"]),
            edits=_edits(found.get("edits")),
            lost=_edits(found.get("lost")),
            variant=found["variant"],
            deployment=found["deployment"],
            made_with=found["made_with"],
            made_at=datetime.fromisoformat(found["made_at"]),
        )


def _edits(stored: Any) -> tuple[Edit, ...]:
    return tuple(Edit(one["was"], one["now"]) for one in stored or ())
