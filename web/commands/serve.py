"""`liandong serve` and `liandong worker`: the pages with their tick, or the tick alone."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable
from typing import Any

import click
from flask import Flask
from gunicorn.app.base import BaseApplication

from engine.errors import Refusal
from engine.store.keys import recognise_keys
from engine.store.migrations import require_current
from engine.tick import Tick
from web import WebSettings, create_app
from web.commands.patience import KEEP_ALIVE, PatientWorker
from web.messages import sentence

THREADS = 16
GRACE = 30
"""Seconds that a request under way has to end when the server is told to stop."""


@click.command("serve", short_help="提供网页服务 / serve the pages")
@click.option("--host", default=None, help="监听地址 / address to listen on (HOST).")
@click.option("--port", type=click.IntRange(0, 65535), help="监听端口 / port to listen on (PORT).")
@click.option("--processes", type=int, default=1, show_default=True, help="服务进程数 / processes.")
def serve(host: str | None, port: int | None, processes: int) -> None:
    """启动网页服务，到期的时限由同一进程处理。SQLite 只能用一个进程。

    Serve the pages; due timers are fired by the same process. Stop with Ctrl+C or SIGTERM.
    """
    installation = click.get_current_context().obj
    require_usable(installation)
    run(installation, host, port, processes)


def require_usable(installation: Any) -> None:
    """Schema and keys fit this version and this installation; raises `Refusal`."""
    require_current(installation.database)
    with installation.database.write() as session:
        recognise_keys(session, installation.crypto)


def run(installation: Any, host: str | None, port: int | None, processes: int = 1) -> None:
    """Serve until told to stop. Raises `Refusal` serve.one_process on SQLite."""
    settings = installation.settings
    if processes > 1 and installation.database.dialect == "sqlite":
        raise Refusal("serve.one_process", found=processes)
    address = f"{host or settings.host}:{port or settings.port}"
    click.echo(sentence("serve.starting", {"address": f"http://{address}"}))
    # Forked processes must not share the connections of their parent.
    installation.database.close()
    _Server(lambda: make_pages(installation), address, processes, installation).run()


def make_pages(installation: Any) -> Flask:
    """The Flask application of this installation."""
    crypto = installation.crypto
    secret = crypto.code("pages", b"secret key of the pages").encode()
    settings = WebSettings(
        secret_key=secret,
        secure_cookies=installation.settings.secure_cookies,
        trusted_proxies=installation.settings.trusted_proxies,
        workflows=installation.settings.workflows,
    )
    return create_app(installation.engine(), settings)


class _Server(BaseApplication):  # type: ignore[misc]
    """gunicorn with threads that slow clients do not occupy; each of its processes has its tick."""

    def __init__(
        self, pages: Callable[[], Flask], address: str, processes: int, installation: Any
    ) -> None:
        self._pages, self._installation = pages, installation
        self._settings = {
            "bind": address,
            "workers": processes,
            "worker_class": PatientWorker,
            "keepalive": KEEP_ALIVE,
            "threads": THREADS,
            "graceful_timeout": GRACE,
            "timeout": 120,
            "loglevel": "warning",
            "post_worker_init": self._begin,
            "worker_exit": self._end,
        }
        self._tick: Tick | None = None
        super().__init__()

    def load_config(self) -> None:
        for name, value in self._settings.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        return self._pages()

    def _begin(self, worker: Any) -> None:
        self._tick = Tick(self._installation.engine())
        self._tick.start()

    def _end(self, server: Any, worker: Any) -> None:
        if self._tick is not None:
            self._tick.stop()


@click.command("worker", short_help="只处理到期时限 / fire due timers only")
def worker() -> None:
    """只处理到期的时限与消息，不提供网页。可与服务同时运行，也可随时停止。

    Fire timers and deliver messages, serve no pages; may run beside the server and die any time.
    """
    installation = click.get_current_context().obj
    require_usable(installation)
    stopped = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopped.set())
    tick = Tick(installation.engine())
    tick.start()
    click.echo(sentence("worker.started"))
    stopped.wait()
    tick.stop()
