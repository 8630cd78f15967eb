"""From the rules that matched to the value of the table (DMN 1.5, 8.2.8 and 8.2.11)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from functools import partial
from typing import Any, Protocol

from engine.feel.decisions.model import Aggregation, DecisionTable, HitPolicy


class Hit(Protocol):
    """A rule that matched, its outputs not yet computed."""

    def value(self) -> Any:
        """One output: its value; several: a context by the outputs' names."""
        ...

    def rank(self) -> tuple[int, ...]:
        """The place of the outputs in the outputs' lists of values: smaller comes first."""
        ...


class NoResult(Exception):
    """The rules that matched give no value; the code says why."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.code = code
        self.params = params


Policy = Callable[[Sequence[Hit]], Any]
Fold = Callable[[Sequence[Any]], Any]


def _unique(hits: Sequence[Hit]) -> Any:
    if len(hits) > 1:
        raise NoResult("dmn.table.not_unique", found=len(hits))
    return hits[0].value()


def _first(hits: Sequence[Hit]) -> Any:
    return hits[0].value()


def _any(hits: Sequence[Hit]) -> Any:
    values = [hit.value() for hit in hits]
    if any(value != values[0] for value in values[1:]):
        raise NoResult("dmn.table.not_any", found=len(hits))
    return values[0]


def _priority(hits: Sequence[Hit]) -> Any:
    return min(hits, key=lambda hit: hit.rank()).value()


def _rule_order(hits: Sequence[Hit]) -> Any:
    return [hit.value() for hit in hits]


def _output_order(hits: Sequence[Hit]) -> Any:
    return [hit.value() for hit in sorted(hits, key=lambda hit: hit.rank())]


def _count(hits: Sequence[Hit]) -> Any:
    return Decimal(len(hits))


def _fold(fold: Fold, hits: Sequence[Hit]) -> Any:
    return fold([hit.value() for hit in hits])


POLICIES: dict[HitPolicy, Policy] = {
    HitPolicy.UNIQUE: _unique,
    HitPolicy.FIRST: _first,
    HitPolicy.PRIORITY: _priority,
    HitPolicy.ANY: _any,
    HitPolicy.COLLECT: _rule_order,
    HitPolicy.RULE_ORDER: _rule_order,
    HitPolicy.OUTPUT_ORDER: _output_order,
}


def policy_of(table: DecisionTable, folds: dict[Aggregation, Fold]) -> Policy:
    """How `table` turns hits into a value; `folds` are FEEL's own sum, min and max."""
    if table.hit_policy is not HitPolicy.COLLECT or table.aggregation is None:
        return POLICIES[table.hit_policy]
    if table.aggregation is Aggregation.COUNT:
        return _count
    return partial(_fold, folds[table.aggregation])


def without_hits(table: DecisionTable) -> Any:
    """The value when no rule matches and no output has a default: collecting nothing is empty."""
    if table.hit_policy is not HitPolicy.COLLECT:
        return None
    if table.aggregation is Aggregation.COUNT:
        return Decimal(0)
    return None if table.aggregation else []
