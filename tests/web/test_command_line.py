"""Whatever is wrong with the surroundings, the command line says it in one sentence."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import text

import app
from engine.store.database import Database
from engine.store.migrations import upgrade


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("DATABASE_URL", "PORT", "LIANDONG_PROXIES", "LIANDONG_WORKFLOWS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LIANDONG_DATA", str(tmp_path))
    return tmp_path


def failed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *words: str
) -> str:
    """What `liandong words…` said when it failed: with 1, or 2 where 1 means what it found."""
    monkeypatch.setattr("sys.argv", ["liandong", *words])
    with pytest.raises(SystemExit) as ended:
        app.main()
    assert ended.value.code in (1, 2)
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    return said


def test_a_number_that_is_none(folder: Path, monkeypatch, capsys) -> None:
    monkeypatch.setenv("PORT", "eighty")
    assert "PORT 应为 0–65535 的整数，现为“eighty”" in failed(monkeypatch, capsys, "init")


def test_a_folder_that_cannot_be_made(folder: Path, monkeypatch, capsys) -> None:
    (folder / "file").touch()
    monkeypatch.setenv("LIANDONG_DATA", str(folder / "file" / "data"))
    said = failed(monkeypatch, capsys, "init")
    assert f"不能使用 {folder / 'file'}" in said


@pytest.mark.parametrize("command", [("verify-audit",), ("deploy", "."), ("worker",)])
def test_a_database_without_tables(command, folder: Path, monkeypatch, capsys) -> None:
    assert "请先运行 liandong init" in failed(monkeypatch, capsys, *command)


def test_a_database_of_a_newer_version(folder: Path, monkeypatch, capsys) -> None:
    database = Database(f"sqlite:///{folder / 'liandong.db'}")
    upgrade(database)
    with database.write() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    database.close()
    assert "9999 不是本程序所知道的" in failed(monkeypatch, capsys, "init")
    assert "9999" in failed(monkeypatch, capsys, "serve")


def test_a_file_that_is_no_database(folder: Path, monkeypatch, capsys) -> None:
    (folder / "liandong.db").write_bytes(b"no database" * 1000)
    assert "连接不上数据库" in failed(monkeypatch, capsys, "verify-audit")
