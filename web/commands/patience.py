"""Threads are given to requests that are there, not to clients that are still sending.

gunicorn's threads read a request's head themselves: sixteen phones on a bad line, or one that means
ill, would hold all sixteen threads and nobody else would be served (measured). Here a connection
waits in the poller, which costs nothing, until its head is whole.
"""

from __future__ import annotations

import socket
import struct
from typing import Any

from gunicorn.workers.gthread import _DEFER, ThreadWorker

LONGEST_HEAD = 64 * 1024
"""Bytes after which the parser shall say that it is too long."""
STALLED = 10
"""Seconds without a byte of the body after which its client is given up."""
KEEP_ALIVE = 15
"""Seconds a connection may be silent between and within heads."""


class PatientWorker(ThreadWorker):  # type: ignore[misc]
    """A worker with threads that slow clients do not occupy."""

    def handle(self, connection: Any) -> Any:
        """In a thread of the pool: answer the request, or leave the connection to the poller."""
        if _read_ahead(connection) or _is_whole(connection):
            limit = struct.pack("ll", STALLED, 0)
            connection.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, limit)
            connection.data_ready = True
            return super().handle(connection)
        return _DEFER


def _read_ahead(connection: Any) -> bool:
    """Whether the parser already holds the beginning of the next request."""
    return connection.initialized and bool(connection.parser.unreader.buf.getvalue())


def _is_whole(connection: Any) -> bool:
    """Whether the head can be read without waiting; else the poller wakes at the next byte."""
    connection.sock.setblocking(False)
    try:
        seen = connection.sock.recv(LONGEST_HEAD, socket.MSG_PEEK)
    except BlockingIOError:
        _wake_at(connection, 1)
        return False
    except OSError:
        return True
    # No byte more than last time, and yet woken: the client has hung up.
    hung_up = len(seen) == getattr(connection, "peeked", 0)
    if hung_up or b"\r\n\r\n" in seen or len(seen) == LONGEST_HEAD:
        connection.peeked = 0
        _wake_at(connection, 1)
        return True
    connection.peeked = len(seen)
    _wake_at(connection, len(seen) + 1)
    return False


def _wake_at(connection: Any, size: int) -> None:
    """So many bytes make the socket readable; otherwise half a head would wake us without end."""
    connection.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVLOWAT, size)
