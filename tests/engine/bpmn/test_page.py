"""docs/bpmn.md says what the tests say."""

from tests.engine.bpmn.page import HERE, ORDER, PAGE, page

NOT_ON_THE_PAGE = {
    "test_page",
    "test_world",
    "test_refusals",
    "test_lies",
    "test_spoiled",
    "test_removal",
}


def test_the_page_is_the_one_its_generator_writes() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "python -m tests.engine.bpmn.page"


def test_no_file_of_behaviours_is_left_out() -> None:
    files = {path.stem for path in HERE.glob("test_*.py")}
    assert files == set(ORDER) | NOT_ON_THE_PAGE
