"""Instants as the tests write them."""

from datetime import datetime

from hypothesis import strategies as st

from engine.timing.zone import SHANGHAI


def wall(text):
    """What a clock on the wall shows, without a zone."""
    return datetime.fromisoformat(text)


def china(text):
    """That moment in China."""
    return wall(text).replace(tzinfo=SHANGHAI)


def starts(last="2040-01-01"):
    """Any moment from 2018 to `last`, in China."""
    return st.datetimes(wall("2018-01-01"), wall(last), timezones=st.just(SHANGHAI))
