"""FEEL, the expression language of DMN 1.5: one language for every text that computes (D2).

    amount = prepare("if days > 7 then rate * 2 else rate")
    amount.evaluate({"days": Decimal(9), "rate": Decimal(3)})

Pure: no database, no clock, no host object is ever reached from an expression.
"""

from engine.feel.adopt import from_python, to_python
from engine.feel.codec import decode, encode
from engine.feel.errors import FeelLimitExceeded, FeelSyntaxError, Source
from engine.feel.expression import Dialect, Evaluation, Expression, Reason, prepare
from engine.feel.functions import BUILT_INS
from engine.feel.messages import describe
from engine.feel.temporal import Date, DateTime, DaysTime, Time, YearsMonths
from engine.feel.types import Type
from engine.feel.values import Function, Range

__all__ = [
    "BUILT_INS",
    "Date",
    "DateTime",
    "DaysTime",
    "Dialect",
    "Evaluation",
    "Expression",
    "FeelLimitExceeded",
    "FeelSyntaxError",
    "Function",
    "Range",
    "Reason",
    "Source",
    "Time",
    "Type",
    "YearsMonths",
    "decode",
    "describe",
    "encode",
    "from_python",
    "prepare",
    "to_python",
]
