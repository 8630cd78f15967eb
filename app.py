"""Composition root: settings from the environment, the engine, the pages, the command line."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from secrets import token_bytes
from typing import NoReturn

import click

from engine import rehearsal
from engine.engine import Engine
from engine.errors import LiandongError, Refusal
from engine.statutes import Statutes
from engine.store.crypto import CryptoProvider
from engine.store.database import Database, DatabaseClock
from engine.store.keys import KEY_BYTES, master_keys
from engine.store.migrations import require_current
from engine.timing.clock import Clock, SystemClock
from engine.timing.norms import Norms
from engine.topics.registry import built_in
from forms.adapter import FormsAdapter
from forms.context import FormSettings
from web.commands import Commands
from web.messages import error_sentence

HERE = Path(__file__).resolve().parent
LARGEST_PORT = 65535


@dataclass(frozen=True)
class Settings:
    """Where things are. Environment: see docs/operator.md."""

    database_url: str
    data: Path
    """Folder for the SQLite file and the key file; never inside the database."""
    workflows: Path
    host: str = "127.0.0.1"
    port: int = 8000
    test_identities: bool = False
    secure_cookies: bool = False
    """Only over TLS; set LIANDONG_TLS=1 wherever a proxy terminates it."""
    trusted_proxies: int = 0

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> Settings:
        """From environment variables; what is not set stands beside this file.

        Raises Refusal("settings.not_a_number").
        """
        data = Path(environment.get("LIANDONG_DATA", HERE / "var")).absolute()
        return cls(
            database_url=environment.get("DATABASE_URL", f"sqlite:///{data / 'liandong.db'}"),
            data=data,
            workflows=Path(environment.get("LIANDONG_WORKFLOWS", HERE / "workflows")).absolute(),
            host=environment.get("HOST", "127.0.0.1"),
            port=_number(environment, "PORT", 8000),
            test_identities=environment.get("LIANDONG_TEST_IDENTITIES") == "1",
            secure_cookies=environment.get("LIANDONG_TLS") == "1",
            trusted_proxies=_number(environment, "LIANDONG_PROXIES", 0),
        )


def _number(environment: Mapping[str, str], name: str, usual: int) -> int:
    written = environment.get(name, str(usual))
    if not written.isdecimal() or int(written) > LARGEST_PORT:
        raise Refusal("settings.not_a_number", name=name, found=written, most=LARGEST_PORT)
    return int(written)


class Installation:
    """What commands are given: settings, and the engine made of them when it is first needed."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    @cached_property
    def norms(self) -> Norms:
        """The norms as they stand in `workflows/norms`."""
        return Norms.load(self.settings.workflows / "norms")

    @cached_property
    def database(self) -> Database:
        return Database(self.settings.database_url)

    @cached_property
    def crypto(self) -> CryptoProvider:
        return CryptoProvider(master_keys(os.environ, self.settings.data / "master.key"))

    @cached_property
    def _engine(self) -> Engine:
        return self.compose(self.database, self._clock(), test_identities=self._identities())

    def engine(self) -> Engine:
        """The engine of this installation; raises `Refusal` on a schema of another version."""
        require_current(self.database)
        return self._engine

    def checking_engine(self) -> Engine:
        """An engine to check files with: it never touches its database."""
        nowhere = Database(f"sqlite:///{self.settings.data / 'check.db'}")
        return self.compose(nowhere, SystemClock(), test_identities=True)

    def compose(self, database: Database, clock: Clock, *, test_identities: bool) -> Engine:
        """An engine with the keys of this installation, on any database with any clock."""
        return _engine(database, clock, self.norms, self.crypto, test_identities)

    @staticmethod
    def rehearse(database: Database, clock: Clock, norms: Norms) -> Engine:
        """An engine for one scenario: its database, and the key with it, are thrown away."""
        return _engine(database, clock, norms, CryptoProvider([token_bytes(KEY_BYTES)]), True)

    def _clock(self) -> Clock:
        postgresql = self.database.dialect == "postgresql"
        clock: Clock = DatabaseClock(self.database) if postgresql else SystemClock()
        if rehearsal.is_demonstration(self.database):
            return rehearsal.demonstration_clock(self.database, clock)
        return clock

    def _identities(self) -> bool:
        return self.settings.test_identities or rehearsal.is_demonstration(self.database)


def _engine(
    database: Database, clock: Clock, norms: Norms, crypto: CryptoProvider, test_identities: bool
) -> Engine:
    return Engine(
        database,
        clock=clock,
        statutes=Statutes(norms),
        forms=FormsAdapter(FormSettings(test_identities=test_identities)),
        crypto=crypto,
        topics=built_in(),
    )


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.pass_context
def liandong(context: click.Context) -> None:
    """执行联动：法院与公安执行协作流程的部署与运行。

    Liandong: every court-police cooperation procedure is a BPMN diagram that runs.
    """
    if context.obj is None:
        context.obj = Installation(Settings.of(os.environ))


def main() -> None:
    """The `liandong` command. Exit code 1 with one sentence for whatever the domain refuses, and
    for a folder or file that cannot be used."""
    try:
        liandong()
    except LiandongError as problem:
        _fail(problem)
    except OSError as problem:
        found = problem.filename or problem.strerror
        _fail(Refusal("settings.unusable", found=found, reason=problem.strerror))


def _fail(problem: LiandongError) -> NoReturn:
    click.echo(error_sentence(problem), err=True)
    sys.exit(1)


if __name__ == "__main__":
    main()
