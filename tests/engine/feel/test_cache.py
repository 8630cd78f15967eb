"""Prepared texts are kept, but not without end."""

from __future__ import annotations

from engine.feel.cache import LeastRecent


def test_what_was_asked_for_least_recently_goes_first() -> None:
    cache: LeastRecent[str] = LeastRecent(10)
    cache.keep("a", "A", 4)
    cache.keep("b", "B", 4)
    assert cache.get("a") == "A"
    cache.keep("c", "C", 4)
    assert [cache.get(key) for key in "abc"] == ["A", None, "C"]


def test_the_first_of_two_that_race_is_kept() -> None:
    cache: LeastRecent[str] = LeastRecent(10)
    assert cache.keep("a", "first", 1) == "first"
    assert cache.keep("a", "second", 1) == "first"


def test_a_value_heavier_than_the_cache_is_kept_alone() -> None:
    cache: LeastRecent[str] = LeastRecent(10)
    cache.keep("a", "A", 1)
    cache.keep("b", "B", 99)
    assert (cache.get("a"), cache.get("b"), len(cache)) == (None, "B", 1)
