"""A table answers as its cells do one by one, whatever the rules."""

from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.feel import prepare
from tests.engine.feel.decisions.drawing import decision, input_data, model, table

NUMBERS = st.integers(0, 9)
CELLS = st.one_of(
    st.just("-"),
    st.builds("{0} {1}".format, st.sampled_from(["<", "<=", ">", ">="]), NUMBERS),
    st.builds("[{0}..{1}]".format, st.integers(0, 4), st.integers(4, 9)),
    st.builds("{0}, {1}".format, NUMBERS, NUMBERS),
    st.builds("not({0})".format, NUMBERS),
    st.just("b"),
    st.just("? > b"),
)
RULES = st.lists(st.tuples(CELLS, CELLS), min_size=1, max_size=8)


@settings(max_examples=120, deadline=None)
@given(rules=RULES, a=NUMBERS, b=NUMBERS)
def test_the_rules_that_match_are_those_whose_every_cell_is_satisfied(rules, a, b):
    rows = [f"{left} | {right} | {number}" for number, (left, right) in enumerate(rules)]
    drawn = model(
        *map(input_data, "ab"),
        decision("d", table("COLLECT", ["a", "b"], [""], rows), inputs=("a", "b")),
    )
    scope = {"a": Decimal(a), "b": Decimal(b)}

    def satisfied(cell: str, value: Decimal) -> bool:
        return prepare(cell, dialect="unary").evaluate(scope, input=value) is True

    expected = [
        number
        for number, (left, right) in enumerate(rules)
        if satisfied(left, scope["a"]) and satisfied(right, scope["b"])
    ]
    assert drawn.evaluate("d", scope).value == expected
