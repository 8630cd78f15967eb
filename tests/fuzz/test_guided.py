"""A minute of coverage-guided fuzzing, a quarter for each way in; `make fuzz` takes longer."""

import io
import zipfile

import pytest

from engine.errors import Refusal
from tests.fuzz.guided import NAMES, fuzz
from web.studio.packages import unpacked

SECONDS = 15
SEED = 20261120


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_nothing_but_domain_errors_comes_of_spoiled_files(name: str) -> None:
    """No other exception, no input that takes long, no memory that grows."""
    code, said = fuzz(name, SECONDS, SEED)
    assert code == 0, said
    print(said)


def test_an_archive_with_a_file_of_no_name_is_refused() -> None:
    """Found by fuzzing: zipfile raises an IndexError."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as packing:
        packing.writestr("x.bpmn", b"<a/>")
    with pytest.raises(Refusal, match=r"package\.broken"):
        unpacked(_without_name(target.getvalue()))


def _without_name(archive: bytes) -> bytes:
    """The directory says that the name has no letter."""
    lie = bytearray(archive)
    at = archive.index(b"PK\1\2")
    lie[at + 28 : at + 32] = b"\0\0\6\0"
    return bytes(lie)
