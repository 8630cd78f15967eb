"""Context functions (table 81)."""

from __future__ import annotations

from typing import Any

from engine.feel.functions.registry import NoResult, built_in
from engine.feel.limits import Run

Context = dict[str, Any]


@built_in("get value", "m: context, key: string")
def get_value(run: Run, m: Context, key: str) -> Any:
    if key not in m:
        raise NoResult("feel.null.entry")
    return m[key]


@built_in("get entries", "m: context")
def get_entries(run: Run, m: Context) -> list[Context]:
    run.spend(len(m))
    return [{"key": key, "value": value} for key, value in m.items()]


@built_in("context", "entries: list")
def context(run: Run, entries: list[Any]) -> Context:
    found: Context = {}
    for entry in entries:
        run.spend(1)
        if not (isinstance(entry, dict) and "value" in entry):
            raise NoResult("feel.null.items")
        key = entry.get("key")
        if not isinstance(key, str) or key in found:
            raise NoResult("feel.null.keys")
        found[key] = entry["value"]
    return found


@built_in("context put", "context: context, key: string, value: any")
def put_key(run: Run, context: Context, key: str, value: Any) -> Context:
    run.spend(len(context))
    return {**context, key: value}


@built_in("context put", "context: context, keys: list, value: any")
def put_keys(run: Run, context: Context, keys: list[Any], value: Any) -> Context:
    """Along a path of keys, each but the last of which leads to a context."""
    if not keys or not all(isinstance(key, str) for key in keys):
        raise NoResult("feel.null.keys")
    path = [context]
    for key in keys[:-1]:
        inner = path[-1].get(key)
        if not isinstance(inner, dict):
            raise NoResult("feel.null.keys")
        path.append(inner)
    for outer, key in zip(reversed(path), reversed(keys), strict=True):
        run.spend(len(outer) + 1)
        value = {**outer, key: value}
    return value  # type: ignore[no-any-return]


@built_in("context merge", "contexts: list")
def merge(run: Run, contexts: list[Any]) -> Context:
    merged: Context = {}
    for item in contexts:
        if not isinstance(item, dict):
            raise NoResult("feel.null.items")
        run.spend(len(item) + 1)
        merged.update(item)
    return merged
