"""A minute of coverage-guided fuzzing, a quarter for each way in; `make fuzz` takes longer."""

import pytest

from tests.fuzz.guided import NAMES, fuzz

SECONDS = 15
SEED = 20261120


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_nothing_but_domain_errors_comes_of_spoiled_files(name: str) -> None:
    """No other exception, no input that takes long, no memory that grows."""
    code, said = fuzz(name, SECONDS, SEED)
    assert code == 0, said
    print(said)
