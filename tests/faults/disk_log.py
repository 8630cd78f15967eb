"""What SQLite asks of the disk, written down: every write, truncation and flush, in their order.

`python -m tests.faults.disk_log DATABASE LOG SYNCHRONOUS NUMBER` starts so many instances on an
existing database and notes after each that it was acknowledged. SQLite's own file methods are
replaced by ones that note and pass on; no driver, no kernel and no privilege is needed.
"""

from __future__ import annotations

import ctypes
import os
import pickle
import sys
from ctypes import CFUNCTYPE, POINTER, Structure, c_int, c_int64, c_void_p
from pathlib import Path
from typing import Any

from sqlalchemy import event

from engine.store.database import Database
from tests.engine.house import House

CHECKPOINT = 40
"""Pages in the log until it is copied into the database: often, so that cuts hit that, too."""
KEY = "line"

Open = CFUNCTYPE(c_int, c_void_p, c_void_p, c_void_p, c_int, c_void_p)
Write = CFUNCTYPE(c_int, c_void_p, c_void_p, c_int, c_int64)
Truncate = CFUNCTYPE(c_int, c_void_p, c_int64)
Sync = CFUNCTYPE(c_int, c_void_p, c_int)


class Methods(Structure):
    """sqlite3_io_methods: what is not replaced is copied as it stands."""

    _fields_ = (
        ("iVersion", c_int),
        ("xClose", c_void_p),
        ("xRead", c_void_p),
        ("xWrite", c_void_p),
        ("xTruncate", c_void_p),
        ("xSync", c_void_p),
        ("others", c_void_p * 13),
    )


class Vfs(Structure):
    """sqlite3_vfs, as far as its xOpen."""

    _fields_ = (
        ("iVersion", c_int),
        ("szOsFile", c_int),
        ("mxPathname", c_int),
        ("pNext", c_void_p),
        ("zName", ctypes.c_char_p),
        ("pAppData", c_void_p),
        ("xOpen", c_void_p),
    )


class DiskLog:
    """Notes (file, operation, …) from the moment it is installed."""

    def __init__(self) -> None:
        self.operations: list[tuple[Any, ...]] = []
        self._names: dict[int, str] = {}
        self._kept: list[Any] = []

    def install(self, library: ctypes.CDLL) -> None:
        """Into the file system that SQLite uses by default."""
        library.sqlite3_vfs_find.restype = POINTER(Vfs)
        vfs = library.sqlite3_vfs_find(None).contents
        passed_on = Open(vfs.xOpen)

        def opened(vfs_: int, name: int, file: int, flags: int, out: int) -> int:
            answer = passed_on(vfs_, name, file, flags, out)
            if answer == 0 and name:
                self._names[file] = Path(ctypes.string_at(name).decode()).name
                self._replace(file)
            return answer

        vfs.xOpen = self._pointer(Open(opened))

    def _pointer(self, function: Any) -> int | None:
        self._kept.append(function)
        return ctypes.cast(function, c_void_p).value

    def _replace(self, file: int) -> None:
        """The methods of one open file."""
        slot = ctypes.cast(file, POINTER(c_void_p))
        theirs = ctypes.cast(slot[0], POINTER(Methods)).contents
        ours = Methods()
        pointer(ours, theirs)
        write, truncate, sync = Write(theirs.xWrite), Truncate(theirs.xTruncate), Sync(theirs.xSync)

        def wrote(at: int, data: int, size: int, offset: int) -> int:
            self._note(at, "write", offset, ctypes.string_at(data, size))
            return int(write(at, data, size, offset))

        def cut(at: int, size: int) -> int:
            self._note(at, "truncate", size)
            return int(truncate(at, size))

        def flushed(at: int, flags: int) -> int:
            answer = int(sync(at, flags))
            self._note(at, "sync")
            return answer

        ours.xWrite, ours.xTruncate = self._pointer(Write(wrote)), self._pointer(Truncate(cut))
        ours.xSync = self._pointer(Sync(flushed))
        self._kept.append(ours)
        slot[0] = ctypes.addressof(ours)

    def _note(self, file: int, *what: Any) -> None:
        self.operations.append((self._names.get(file, ""), *what))

    def acknowledged(self, what: str) -> None:
        """The caller has been told that it is done."""
        self.operations.append(("", "acknowledged", what))


def pointer(into: Methods, source: Methods) -> None:
    """Copy all methods."""
    ctypes.memmove(ctypes.addressof(into), ctypes.addressof(source), ctypes.sizeof(Methods))


def sqlite_library() -> ctypes.CDLL:
    """The library that Python's own module uses. Raises OSError where it is built in."""
    import _sqlite3

    library = ctypes.CDLL(_sqlite3.__file__)
    if not hasattr(library, "sqlite3_vfs_find"):
        raise OSError("sqlite3 is hidden in the interpreter")
    return library


def main(path: str, log_path: str, synchronous: str, number: str) -> None:
    log = DiskLog()
    log.install(sqlite_library())
    database = Database(f"sqlite:///{path}")

    def often(connection: Any, _: Any) -> None:
        connection.execute(f"PRAGMA wal_autocheckpoint={CHECKPOINT}")
        connection.execute(f"PRAGMA synchronous={synchronous}")

    event.listen(database.writer, "connect", often)
    house = House(database)
    for _ in range(int(number)):
        log.acknowledged(house.start(KEY))
    Path(log_path).write_bytes(pickle.dumps(log.operations))
    # As a power cut: an interpreter that is being taken down cannot be called back any more.
    os._exit(0)


if __name__ == "__main__":
    main(*sys.argv[1:])
