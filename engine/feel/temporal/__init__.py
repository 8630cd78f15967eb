"""Dates, times and durations of FEEL: years of nine digits, offsets and IANA zones."""

from engine.feel.temporal.dates import Date
from engine.feel.temporal.durations import DaysTime, YearsMonths
from engine.feel.temporal.instants import DateTime, Time

__all__ = ["Date", "DateTime", "DaysTime", "Time", "YearsMonths"]
