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
    run.spend(len(context) + len(keys))
    if len(keys) == 1:
        return {**context, keys[0]: value}
    inner = context.get(keys[0])
    if not isinstance(inner, dict):
        raise NoResult("feel.null.keys")
    run.depth -= 1
    if run.depth < 0:
        raise NoResult("feel.null.keys")
    put = put_keys(run, inner, keys[1:], value)
    run.depth += 1
    return {**context, keys[0]: put}


@built_in("context merge", "contexts: list")
def merge(run: Run, contexts: list[Any]) -> Context:
    merged: Context = {}
    for item in contexts:
        if not isinstance(item, dict):
            raise NoResult("feel.null.items")
        run.spend(len(item) + 1)
        merged.update(item)
    return merged
