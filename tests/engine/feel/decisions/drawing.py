"""Small DMN files, written in a few words."""

from decimal import Decimal
from xml.sax.saxutils import escape, quoteattr

from engine.feel.decisions import DecisionModel, DecisionResult, load

MODEL = "https://www.omg.org/spec/DMN/20230324/MODEL/"


def file(*elements: str, namespace: str = "urn:test", dmn: str = MODEL, extra: str = "") -> bytes:
    head = f'<definitions xmlns="{dmn}" id="d" name="试" namespace="{namespace}" {extra}>'
    return "\n".join((head, *elements, "</definitions>")).encode()


def model(*elements: str, **options: str) -> DecisionModel:
    return load(file(*elements, **options), "test.dmn")


def ask(loaded: DecisionModel, decision: str, **context: object) -> DecisionResult:
    return loaded.evaluate(decision, {name: feel(value) for name, value in context.items()})


def value(loaded: DecisionModel, decision: str, **context: object) -> object:
    return ask(loaded, decision, **context).value


def feel(given: object) -> object:
    if isinstance(given, bool):
        return given
    if isinstance(given, int):
        return Decimal(given)
    if isinstance(given, list):
        return [feel(item) for item in given]
    if isinstance(given, dict):
        return {name: feel(item) for name, item in given.items()}
    return given


def _type(name: str | None) -> str:
    return f" typeRef={quoteattr(name)}" if name else ""


def variable(name: str, type: str | None = None) -> str:
    return f"<variable name={quoteattr(name)}{_type(type)}/>"


def input_data(name: str, type: str | None = None) -> str:
    return (
        f"<inputData id={quoteattr(name)} name={quoteattr(name)}>{variable(name, type)}</inputData>"
    )


def literal(text: str) -> str:
    return f"<literalExpression><text>{escape(text)}</text></literalExpression>"


def requires(inputs: tuple = (), decisions: tuple = (), knowledge: tuple = ()) -> str:
    information = "".join(
        f'<informationRequirement><required{kind} href="#{escape(name)}"/></informationRequirement>'
        for kind, names in (("Input", inputs), ("Decision", decisions))
        for name in names
    )
    return information + "".join(
        f'<knowledgeRequirement><requiredKnowledge href="#{escape(name)}"/></knowledgeRequirement>'
        for name in knowledge
    )


def decision(name: str, logic: str, type: str | None = None, **required: tuple) -> str:
    head = f"<decision id={quoteattr(name)} name={quoteattr(name)}>{variable(name, type)}"
    return f"{head}{requires(**required)}{logic}</decision>"


def knowledge(name: str, parameters: str, body: str, type: str | None = None, **required) -> str:
    head = f"<businessKnowledgeModel id={quoteattr(name)} name={quoteattr(name)}>"
    formal = "".join(
        f"<formalParameter name={quoteattr(one.partition(':')[0])}"
        f"{_type(one.partition(':')[2] or None)}/>"
        for one in parameters.split(",")
        if one
    )
    logic = f"<encapsulatedLogic>{formal}{body}</encapsulatedLogic>"
    return f"{head}{variable(name, type)}{logic}{requires(**required)}</businessKnowledgeModel>"


def item(name: str, type: str, allowed: str = "", *, many: bool = False) -> str:
    values = f"<allowedValues><text>{escape(allowed)}</text></allowedValues>" if allowed else ""
    collection = ' isCollection="true"' if many else ""
    return (
        f"<itemDefinition name={quoteattr(name)}{collection}>"
        f"<typeRef>{type}</typeRef>{values}</itemDefinition>"
    )


def table(
    policy: str,
    inputs: list[str],
    outputs: list[str],
    rules: list[str],
    *,
    attributes: str = "",
    default: str = "",
) -> str:
    """`inputs`: texts; `outputs`: `name` or `name=allowed values`; rules: cells split by `|`."""
    columns = "".join(
        f"<input><inputExpression><text>{escape(text)}</text></inputExpression></input>"
        for text in inputs
    )
    results = "".join(_output(one, default) for one in outputs)
    rows = "".join(_rule(number, row, len(inputs)) for number, row in enumerate(rules, 1))
    return (
        f'<decisionTable id="t" hitPolicy="{policy}" {attributes}>'
        f"{columns}{results}{rows}</decisionTable>"
    )


def _output(written: str, default: str) -> str:
    name, _, allowed = written.partition("=")
    values = f"<outputValues><text>{escape(allowed)}</text></outputValues>" if allowed else ""
    other = (
        f"<defaultOutputEntry><text>{escape(default)}</text></defaultOutputEntry>"
        if default
        else ""
    )
    named = f" name={quoteattr(name)}" if name else ""
    return f"<output{named}>{values}{other}</output>"


def _rule(number: int, row: str, inputs: int) -> str:
    cells = [cell.strip() for cell in row.split("|")]
    kinds = ["inputEntry"] * inputs + ["outputEntry"] * (len(cells) - inputs)
    written = "".join(
        f"<{kind}><text>{escape(cell)}</text></{kind}>"
        for kind, cell in zip(kinds, cells, strict=True)
    )
    return f'<rule id="r{number}">{written}</rule>'
