"""Where the master key comes from, and that a database is never opened with a foreign one."""

import base64
from pathlib import Path

import pytest

from engine.errors import Refusal
from engine.store.crypto import CryptoProvider
from engine.store.database import Database
from engine.store.keys import master_keys, recognise_keys
from tests.engine.installation import KEY

OTHER = bytes(range(1, 33))


def spelt(key: bytes) -> str:
    return base64.urlsafe_b64encode(key).decode()


def test_the_environment_gives_keys_newest_first(tmp_path: Path) -> None:
    environment = {"LIANDONG_KEY": f"{spelt(OTHER)}, {spelt(KEY)}"}
    assert master_keys(environment, tmp_path / "key") == [OTHER, KEY]
    assert not (tmp_path / "key").exists()


def test_without_one_a_key_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "var" / "key"
    made = master_keys({}, path)
    assert master_keys({}, path) == made
    assert len(made[0]) == 32
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_key_file_that_others_may_read_is_refused(tmp_path: Path) -> None:
    master_keys({}, tmp_path / "key")
    (tmp_path / "key").chmod(0o640)
    with pytest.raises(Refusal, match=r"key\.exposed"):
        master_keys({}, tmp_path / "key")


@pytest.mark.parametrize("text", ["short", "ä" * 44, spelt(KEY)[:-2], "=" * 44])
def test_a_key_that_is_none_is_refused_without_being_shown(tmp_path: Path, text: str) -> None:
    with pytest.raises(Refusal, match=r"key\.malformed") as refusal:
        master_keys({"LIANDONG_KEY": text}, tmp_path / "key")
    assert text not in str(refusal.value)


def test_a_database_remembers_its_keys(database: Database) -> None:
    for keys in ([KEY], [KEY], [OTHER, KEY], [KEY, OTHER]):
        with database.write() as session:
            recognise_keys(session, CryptoProvider(keys))


def test_a_database_written_with_a_lost_key_is_not_opened(database: Database) -> None:
    with database.write() as session:
        recognise_keys(session, CryptoProvider([KEY]))
    with pytest.raises(Refusal, match=r"key\.missing"), database.write() as session:
        recognise_keys(session, CryptoProvider([OTHER]))
