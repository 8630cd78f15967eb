"""A list of document numbers as a CSV file, read whole."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import Refusal
from engine.list_file import MOST_LINES, Fault, Line, is_minor, read


def digits(value: str) -> str:
    if not value.isdigit():
        raise Refusal("number.wrong")
    return value


def test_columns_are_found_by_their_headings_in_any_order() -> None:
    found = read("备注,文号,名称,证件号码\nx,失信1号,甲,12\n".encode(), digits)
    assert found.lines == (Line(2, "12", "甲", "失信1号"),)


def test_a_bad_line_keeps_no_other_from_being_taken() -> None:
    found = read("证件号码\n1\n\nx\n2\n".encode(), digits)
    assert [line.at for line in found.lines] == [2, 5]
    assert found.faults == (Fault(4, "number.wrong"),)


def test_a_number_that_comes_twice_is_taken_once() -> None:
    assert len(read("证件号码\n1\n1\n".encode(), digits).lines) == 1


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        ("名称\n甲\n".encode(), Fault(1, "list_file.no_heading")),
        (b"\xff\xff\xff", Fault(1, "list_file.encoding")),
        ("证件号码\n".encode() + b"1" * (2 * 1024 * 1024), Fault(1, "list_file.too_large")),
        ('证件号码\n"1'.encode(), Fault(2, "list_file.broken")),
        (
            "证件号码\n".encode() + b"1\n" * (MOST_LINES + 1),
            Fault(MOST_LINES + 2, "list_file.too_long"),
        ),
        (f"证件号码\n{'1' * 201}\n".encode(), Fault(2, "list_file.value_too_long")),
    ],
)
def test_what_is_no_such_list_is_told(content: bytes, fault: Fault) -> None:
    found = read(content, digits)
    assert found.lines == ()
    assert found.faults == (fault,)


@given(st.binary(max_size=300))
def test_no_file_breaks_the_reader(content: bytes) -> None:
    read(content, digits)


@given(st.text(max_size=300))
def test_no_table_breaks_the_reader(text: str) -> None:
    read(("证件号码\n" + text).encode("utf-8", "replace"), digits)


@pytest.mark.parametrize(
    ("number", "today", "minor"),
    [
        ("411321180001010005", date(1817, 12, 31), True),
        ("411321180001010005", date(1818, 1, 1), False),
        ("91410000MA0000000W", date(1817, 12, 31), False),
        ("E12345678", date(1817, 12, 31), False),
    ],
)
def test_nobody_under_eighteen_may_be_listed(number: str, today: date, minor: bool) -> None:
    assert is_minor(number, today) is minor
