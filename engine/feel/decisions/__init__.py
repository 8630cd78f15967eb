"""DMN decisions: `.dmn` files read, compiled once and evaluated with FEEL (DMN 1.5).

model = load(source, "approval.dmn")
result = model.evaluate("approval_level", {"kind": "通缉"}, now=now)
result.value, result.matched_rules, result.reasons
"""

from __future__ import annotations

from collections.abc import Mapping

from engine.errors import Refusal
from engine.feel.decisions.decision_model import DecisionModel, DecisionResult, RequiredInput
from engine.feel.decisions.loading import Imports, load_graph
from engine.feel.decisions.model import Import
from engine.feel.decisions.trail import MatchedRule, Reason, Step
from engine.feel.values import Function

__all__ = [
    "DecisionModel",
    "DecisionResult",
    "Import",
    "MatchedRule",
    "Reason",
    "RequiredInput",
    "Step",
    "load",
]


def load(
    source: bytes,
    filename: str,
    *,
    imports: Imports = None,
    functions: Mapping[str, Function] | None = None,
) -> DecisionModel:
    """The model in `source`; `filename` is what complaints call it.

    `imports` gives the bytes of imported models: a mapping by location or namespace, or a
    callable that takes the `Import`. `functions` are the project's own, by name (D2).
    Raises `engine.errors.Refusal` with file, line, element, id and name where the file is
    not DMN, refers to what is not there, or requires itself.
    Texts that are not FEEL are no reason to refuse the file: see `DecisionModel.problems`.
    """
    try:
        return DecisionModel(load_graph(source, filename, imports, functions or {}))
    except RecursionError:
        raise Refusal("dmn.nesting", file=filename) from None
