"""A PostgreSQL cluster of the tests' own, made from the binaries that the machine has.

It listens on a socket in its own folder and on no port, so any number run side by side. The server
refuses to run as root: then `postgres` (or `nobody`) owns the folder and runs the commands.
"""

import fcntl
import functools
import os
import pwd
import re
import shutil
import subprocess
import time
import uuid
from collections.abc import Mapping
from pathlib import Path

import psycopg

SUPERUSER = "liandong"

# A test's data need not survive the machine, only the test.
SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "listen_addresses": "''",
    "max_connections": "200",
    "timezone": "UTC",
}

# For those that crash the server itself: what it has acknowledged must be there afterwards.
DURABLE = SETTINGS | {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}

CRASH_ATTEMPTS = 50

# Where distributions put the server; Debian's is not on the search path.
KNOWN_PLACES = (
    "usr/lib/postgresql/*/bin",
    "usr/pgsql-*/bin",
    "usr/local/opt/postgresql*/bin",
    "opt/homebrew/opt/postgresql*/bin",
)
# CREATE DATABASE … STRATEGY file_copy, which halves the time of a fresh database.
OLDEST_VERSION = 15


class Unavailable(Exception):
    """This machine cannot run a PostgreSQL cluster; the message says why and what to install."""


@functools.cache
def binaries() -> Path:
    """The folder of the newest server's initdb and pg_ctl. Raises Unavailable."""
    found = {_version(folder): folder for folder in _server_folders()}
    if not found:
        raise Unavailable("no PostgreSQL server here: install the package postgresql")
    newest = max(found)
    if newest < OLDEST_VERSION:
        raise Unavailable(f"PostgreSQL {OLDEST_VERSION} or newer is needed, found {newest}")
    return found[newest]


def _server_folders() -> list[Path]:
    on_path = shutil.which("initdb")
    folders = [Path(on_path).resolve().parent] if on_path else []
    for pattern in KNOWN_PLACES:
        folders.extend(Path("/").glob(pattern))
    return [folder for folder in folders if (folder / "initdb").exists()]


def _version(folder: Path) -> int:
    said = subprocess.run([folder / "initdb", "--version"], capture_output=True, text=True).stdout
    number = re.search(r"\d+", said)
    return int(number.group()) if number else 0


@functools.cache
def _owner() -> pwd.struct_passwd | None:
    """Whom the server runs as when we are root; None when it can run as ourselves."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise Unavailable("running as root, and the machine has neither a user postgres nor nobody")


class Cluster:
    """A running server in `folder`. Make one with `Cluster.start`."""

    def __init__(self, folder: Path, settings: Mapping[str, str] = SETTINGS) -> None:
        self.folder = folder
        self._settings = settings

    @classmethod
    def start(cls, folder: Path, settings: Mapping[str, str] = SETTINGS) -> "Cluster":
        """Make a cluster in the existing, empty `folder` and start it. Raises Unavailable."""
        cluster = cls(folder, settings)
        if owner := _owner():
            os.chown(folder, owner.pw_uid, owner.pw_gid)
        cluster._run(
            "initdb",
            "--auth=trust",
            f"--username={SUPERUSER}",
            "--encoding=UTF8",
            "--locale=C",
            "--no-sync",
            "--no-instructions",
        )
        cluster.resume()
        return cluster

    def resume(self) -> None:
        """Start the server on the data that the folder holds."""
        settings = " ".join(f"-c {name}={value}" for name, value in self._settings.items())
        self._run(
            "pg_ctl",
            "start",
            "--wait",
            "--silent",
            f"--log={self.folder / 'server.log'}",
            f"--options={settings} -k {self.folder}",
        )

    def stop(self, mode: str = "immediate") -> None:
        """End the server; `immediate` is a crash (recovery follows), `fast` an orderly end."""
        self._run("pg_ctl", "stop", "--wait", "--silent", f"--mode={mode}")

    def crash(self) -> None:
        """End the server as a power cut would, and let it recover.

        Its children may outlive it for a moment; until then it refuses to start.
        """
        self.stop("immediate")
        for attempt in range(CRASH_ATTEMPTS):
            try:
                self.resume()
                break
            except Unavailable:
                if attempt + 1 == CRASH_ATTEMPTS:
                    raise
                time.sleep(0.2)

    def url(self, database: str) -> str:
        return f"postgresql+psycopg://{SUPERUSER}@/{database}?host={self.folder}"

    def create_database(self, template: str = "template0") -> str:
        """A new database, a copy of `template`; answers its name."""
        name = f"t_{uuid.uuid4().hex}"
        self.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY file_copy')
        return name

    def drop_database(self, name: str) -> None:
        """Drop it, cutting off whoever is still connected."""
        self.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def execute(self, statement: str) -> None:
        """Run one statement outside a transaction, in the database `postgres`."""
        with psycopg.connect(
            host=str(self.folder), user=SUPERUSER, dbname="postgres", autocommit=True
        ) as connection:
            connection.execute(statement)

    def _run(self, command: str, *arguments: str) -> None:
        owner = _owner()
        identity = (
            {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []} if owner else {}
        )
        done = subprocess.run(
            [binaries() / command, "--pgdata", self.folder / "data", *arguments],
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            **identity,
        )
        if done.returncode:
            raise Unavailable(f"{command} failed: {done.stdout.strip()[-500:]}")


def shared_cluster(folder: Path) -> Cluster:
    """The one cluster of a test run, started by whichever worker asks first.

    `folder` is the run's own; the workers' processes take turns by a lock in it. Raises
    Unavailable, with the same reason for every worker.
    """
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        started, refused = folder / "started", folder / "refused"
        if refused.exists():
            raise Unavailable(refused.read_text())
        cluster = Cluster(folder / "cluster")
        if not started.exists():
            _start_once(cluster.folder, refused)
            started.touch()
        return cluster


def _start_once(folder: Path, refused: Path) -> None:
    # The server's user passes through the run's folder to its own.
    folder.parent.chmod(0o711)
    folder.mkdir()
    try:
        Cluster.start(folder)
    except Unavailable as reason:
        refused.write_text(str(reason))
        raise


def end_shared_cluster(folder: Path) -> None:
    """Stop what `shared_cluster` started, if anything, and remove the run's folder."""
    if (folder / "started").exists():
        Cluster(folder / "cluster").stop()
    shutil.rmtree(folder, ignore_errors=True)
