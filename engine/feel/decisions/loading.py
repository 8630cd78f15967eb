"""A model with everything it imports, read and compiled."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from engine.errors import Refusal
from engine.feel.decisions.graph import Graph
from engine.feel.decisions.model import Import
from engine.feel.decisions.reading import read_definitions
from engine.feel.values import Function

Imports = Callable[[Import], bytes | None] | Mapping[str, bytes] | None
MAX_MODELS = 50


def load_graph(
    source: bytes, filename: str, imports: Imports, functions: Mapping[str, Function]
) -> Graph:
    """Raises `Refusal` for what is not DMN, for a missing import and for a circle of imports."""
    return _Loader(imports, functions).load(source, filename, ())


class _Loader:
    """Loads each namespace once, however many models import it."""

    def __init__(self, imports: Imports, functions: Mapping[str, Function]) -> None:
        self._imports = imports
        self._functions = functions
        self._graphs: dict[str, Graph] = {}

    def load(self, source: bytes, filename: str, importers: tuple[str, ...]) -> Graph:
        definitions = read_definitions(source, filename)
        above = (*importers, definitions.namespace)
        imported = {one.name: self._import(one, above) for one in definitions.imports}
        return Graph(definitions, imported, self._functions)

    def _import(self, wanted: Import, importers: tuple[str, ...]) -> Graph:
        if wanted.namespace in importers:
            raise Refusal("dmn.import_cycle", **wanted.place.params(), found=wanted.namespace)
        if wanted.namespace not in self._graphs:
            if len(self._graphs) >= MAX_MODELS:
                raise Refusal("dmn.too_many_imports", **wanted.place.params(), expected=MAX_MODELS)
            source = self._source(wanted)
            graph = self.load(source, wanted.location or wanted.namespace, importers)
            _check_namespace(wanted, graph)
            self._graphs[wanted.namespace] = graph
        return self._graphs[wanted.namespace]

    def _source(self, wanted: Import) -> bytes:
        source = self._look_up(wanted)
        if source is None:
            raise Refusal(
                "dmn.import_missing",
                **wanted.place.params(),
                namespace=wanted.namespace,
                location=wanted.location,
            )
        return source

    def _look_up(self, wanted: Import) -> bytes | None:
        if self._imports is None:
            return None
        if isinstance(self._imports, Mapping):
            return self._imports.get(wanted.location or "") or self._imports.get(wanted.namespace)
        return self._imports(wanted)


def _check_namespace(wanted: Import, graph: Graph) -> None:
    found = graph.definitions.namespace
    if found != wanted.namespace:
        raise Refusal(
            "dmn.import_namespace", **wanted.place.params(), expected=wanted.namespace, found=found
        )
