"""`.dmn` bytes → `Definitions`: every namespace from DMN 1.1 to 1.5, Camunda's files among them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import cast

from engine.errors import Refusal
from engine.feel.decisions.boxed_reading import language_of, read_child, read_function
from engine.feel.decisions.markup import MODEL_NAMESPACES, Markup, XmlElement, normal_name
from engine.feel.decisions.model import (
    BusinessKnowledge,
    Decision,
    DecisionService,
    DecisionTable,
    Definitions,
    FunctionItem,
    Import,
    InputData,
    ItemDefinition,
    Node,
    Reference,
    Typed,
)
from engine.xml import parse_xml


def read_definitions(source: bytes, filename: str) -> Definitions:
    """Raises `Refusal` with file, line, element, id and name, and what was expected and found."""
    root = parse_xml(source, filename)
    namespace, _, kind = str(root.tag)[1:].rpartition("}")
    if namespace not in MODEL_NAMESPACES or kind != "definitions":
        raise Refusal(
            "dmn.not_dmn",
            file=filename,
            line=root.sourceline,
            found=str(root.tag),
            expected="definitions",
        )
    own = (root.get("namespace") or "").strip()
    return _read_root(Markup(cast("XmlElement", root), filename, own))


def _read_root(root: Markup) -> Definitions:
    language_of(root)
    nodes: dict[str, Node] = {}
    for markup in root.children():
        reader = NODE_READERS.get(markup.kind)
        if reader is None:
            continue
        if markup.identity() in nodes:
            raise markup.refusal("dmn.duplicate_id", found=markup.identity())
        nodes[markup.identity()] = reader(markup)
    return Definitions(
        root.place,
        root.own_namespace,
        root.attribute("name") or root.file,
        tuple(_read_import(markup) for markup in root.children("import")),
        tuple(_read_item(markup) for markup in root.children("itemDefinition")),
        nodes,
    )


def _read_import(markup: Markup) -> Import:
    kind = markup.attribute("importType") or ""
    if kind not in MODEL_NAMESPACES:
        raise markup.refusal("dmn.import_type", found=kind, expected="DMN 1.1–1.5")
    return Import(
        markup.place,
        normal_name(markup.xml.get("name") or ""),
        markup.attribute("namespace") or "",
        markup.attribute("locationURI"),
    )


def _read_item(markup: Markup) -> ItemDefinition:
    return ItemDefinition(
        markup.place,
        markup.name(),
        markup.type(),
        markup.tests("allowedValues"),
        markup.tests("typeConstraint"),
        tuple(_read_item(component) for component in markup.children("itemComponent")),
        _read_function_item(markup.child("functionItem")),
        markup.attribute("isCollection") in ("true", "1"),
    )


def _read_function_item(markup: Markup | None) -> FunctionItem | None:
    if markup is None:
        return None
    parameters = tuple(parameter.typed() for parameter in markup.children("parameters"))
    result = markup.attribute("outputTypeRef")
    return FunctionItem(parameters, markup.resolve_type(result) if result else None)


def _variable(markup: Markup) -> Typed:
    """The element's variable; its name defaults to the element's own."""
    variable = markup.child("variable")
    if variable is None:
        return Typed(_own_name(markup))
    return Typed(normal_name(variable.attribute("name") or _own_name(markup)), variable.type())


def _own_name(markup: Markup) -> str:
    return normal_name(markup.attribute("name") or markup.identity())


def _references(markup: Markup, *path: str) -> tuple[Reference, ...]:
    """The `href`s of the elements at `path` below `markup`."""
    found: list[Markup] = [markup]
    for step in path:
        found = [child for parent in found for child in parent.children(step)]
    return tuple(_reference(element) for element in found)


def _reference(markup: Markup) -> Reference:
    """`#id`, `namespace#id`, or (as some tools write it) a bare id."""
    href = markup.attribute("href")
    if href is None:
        raise markup.refusal("dmn.attribute_missing", expected="href")
    namespace, hash_mark, identity = href.rpartition("#")
    if not hash_mark:
        namespace, identity = "", href
    foreign = namespace if namespace and namespace != markup.own_namespace else None
    return Reference(markup.place, identity, foreign)


def _read_input(markup: Markup) -> InputData:
    return InputData(markup.place, markup.identity(), _variable(markup))


def _read_decision(markup: Markup) -> Decision:
    variable = _variable(markup)
    logic = read_child(markup)
    if isinstance(logic, DecisionTable) and logic.type is None:
        logic = replace(logic, type=variable.type)
    return Decision(
        markup.place,
        markup.identity(),
        variable,
        tuple(_aliases(markup, logic)),
        _references(markup, "informationRequirement", "requiredInput"),
        _references(markup, "informationRequirement", "requiredDecision"),
        _references(markup, "knowledgeRequirement", "requiredKnowledge"),
        logic,
        tuple(_clauses(markup)),
    )


def _clauses(markup: Markup) -> Iterator[str]:
    listed = markup.camunda_properties().get("legal.clause", "")
    yield from (part.strip() for part in listed.split(",") if part.strip())


def _aliases(markup: Markup, logic: object) -> Iterator[str]:
    """Camunda writes no variable: there the id and the output columns name the result."""
    if markup.child("variable") is not None:
        return
    yield markup.identity()
    if isinstance(logic, DecisionTable):
        yield from (output.name for output in logic.outputs if output.name)


def _read_knowledge(markup: Markup) -> BusinessKnowledge:
    logic = markup.child("encapsulatedLogic")
    return BusinessKnowledge(
        markup.place,
        markup.identity(),
        _variable(markup),
        _references(markup, "knowledgeRequirement", "requiredKnowledge"),
        read_function(logic) if logic else None,
    )


def _read_service(markup: Markup) -> DecisionService:
    return DecisionService(
        markup.place,
        markup.identity(),
        _variable(markup),
        _references(markup, "outputDecision"),
        _references(markup, "encapsulatedDecision"),
        _references(markup, "inputDecision"),
        _references(markup, "inputData"),
    )


NODE_READERS: dict[str, Callable[[Markup], Node]] = {
    "inputData": _read_input,
    "decision": _read_decision,
    "businessKnowledgeModel": _read_knowledge,
    "decisionService": _read_service,
}
