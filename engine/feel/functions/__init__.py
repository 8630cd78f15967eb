"""The built-in functions of DMN 1.5, by kind. Importing a module registers what is in it."""

from engine.feel.functions import (
    contexts,
    conversion,
    dates,
    lists,
    numeric,
    ranges,
    statistics,
    strings,
)
from engine.feel.functions.registry import BUILT_INS

__all__ = [
    "BUILT_INS",
    "contexts",
    "conversion",
    "dates",
    "lists",
    "numeric",
    "ranges",
    "statistics",
    "strings",
]
