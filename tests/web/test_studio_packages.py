"""Archives of the desktop modeler: bytes kept, traps refused."""

from __future__ import annotations

import io
import stat
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import FileStorage

from engine.errors import Refusal
from web.studio import packages
from web.studio.packages import packed, taken, unpacked

NAMES = st.from_regex(r"[a-z一-龥][a-z0-9一-龥_ ]{0,20}\.(bpmn|dmn|form)", fullmatch=True)


@given(st.dictionaries(NAMES, st.binary(max_size=300), max_size=8))
def test_what_is_packed_is_unpacked_byte_for_byte(files: dict[str, bytes]) -> None:
    assert unpacked(packed(files)) == files


def zipped(*entries: tuple[str | zipfile.ZipInfo, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries:
            archive.writestr(name, content)
    return target.getvalue()


def refusal(archive: bytes) -> Refusal:
    with pytest.raises(Refusal) as refused:
        unpacked(archive)
    return refused.value


def test_the_folder_that_all_files_stand_in_is_left_away() -> None:
    archive = zipped(("vehicle/vehicle.bpmn", b"a"), ("vehicle/README.md", b"b"))
    assert set(unpacked(archive)) == {"vehicle.bpmn", "README.md"}


def test_what_macos_adds_is_passed_over() -> None:
    archive = zipped(("v/v.bpmn", b"a"), ("__MACOSX/v/._v.bpmn", b"b"), ("v/.DS_Store", b"c"))
    assert set(unpacked(archive)) == {"v.bpmn"}


@pytest.mark.parametrize("name", ["../up.bpmn", "/etc/up.bpmn", "a/../../up.bpmn",
                                  "..\\up.bpmn", "C:\\up.bpmn"])
def test_a_path_that_leads_out_is_refused_by_its_name(name: str) -> None:
    found = refusal(zipped(("good.bpmn", b"a"), (name, b"b")))
    assert found.code == "package.path"
    assert "up.bpmn" in found.params["found"]


def test_a_link_is_refused() -> None:
    link = zipfile.ZipInfo("link.bpmn")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    assert refusal(zipped((link, b"/etc/passwd"))).code == "package.link"


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    """A thousandfold: what is read stops at the limit, whatever the archive says of its size."""
    bomb = zipped(("bomb.bpmn", b"\0" * (packages.LARGEST_FILE + 1)))
    assert len(bomb) < 20_000
    assert refusal(bomb).code == "package.too_large"


def test_many_files_that_are_large_together_are_refused() -> None:
    part = b"\0" * packages.LARGEST_FILE
    archive = zipped(*((f"part{number}.bpmn", part) for number in range(5)))
    assert refusal(archive).code == "package.too_large"


def test_too_many_files_are_refused() -> None:
    archive = zipped(*((f"{number}.txt", b"") for number in range(packages.MOST_FILES + 1)))
    assert refusal(archive).code == "package.too_many"


def test_a_procedure_in_a_subfolder_is_refused() -> None:
    archive = zipped(("a/a.bpmn", b"a"), ("b/b.bpmn", b"b"))
    assert refusal(archive).code == "package.nested"


@pytest.mark.parametrize("content", [b"", b"no archive", b"PK\x03\x04 half of one"])
def test_what_is_no_archive_is_refused(content: bytes) -> None:
    assert refusal(content).code == "package.broken"


def test_a_damaged_entry_is_refused() -> None:
    whole = bytearray(zipped(("a.bpmn", b"content " * 40)))
    whole[40] ^= 0xFF
    assert refusal(bytes(whole)).code == "package.broken"


def test_a_chinese_name_that_windows_wrote_in_gbk_is_read() -> None:
    entry = zipfile.ZipInfo("placeholder.bpmn")
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr(entry, b"a")
    gbk = "车辆查控.bpmn".encode("gbk")
    padded = gbk.rjust(len("placeholder.bpmn"), b"_")
    raw = target.getvalue().replace(b"placeholder.bpmn", padded)
    assert list(unpacked(raw)) == [padded.decode("gbk")]


def storage(name: str, content: bytes) -> FileStorage:
    return FileStorage(io.BytesIO(content), filename=name)


def test_single_files_and_archives_come_together_and_strangers_are_named() -> None:
    archive = zipped(("b.dmn", b"b"), ("b.txt", b""))
    files, left_out = taken([storage("a.bpmn", b"a"), storage("b.zip", archive)])
    assert files == {"a.bpmn": b"a", "b.dmn": b"b"}
    assert left_out == ["b.txt"]


def test_an_upload_without_any_file_of_ours_is_refused() -> None:
    with pytest.raises(Refusal) as refused:
        taken([storage("notes.txt", b"a")])
    assert refused.value.code == "package.empty"
