"""What every folder of tests may ask for: databases, browsers; and the order of the run."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser.chromium87 import Visit, visit
from tests.postgres import Cluster, Unavailable, end_shared_cluster, shared_cluster

# Passed on to the workers of pytest-xdist by their environment.
RUN_FOLDER = "LIANDONG_TEST_RUN"

HERE = Path(__file__).parent
# Later rank, later run: a broken rule shows in seconds, a broken browser may take minutes.
RANKS = {"browser": 2, "faults": 3, "bench": 4}

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
CHROMIUM_ON_MACOS = (
    Path("/Applications/Chromium.app/Contents/MacOS/Chromium"),
    Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"),
)
# No sandbox, because the tests may run as root; nothing that calls home.
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def _is_worker(config: pytest.Config) -> bool:
    return hasattr(config, "workerinput")


def pytest_configure(config: pytest.Config) -> None:
    if not _is_worker(config):
        os.environ[RUN_FOLDER] = tempfile.mkdtemp(prefix="liandong-tests-")


def pytest_unconfigure(config: pytest.Config) -> None:
    if not _is_worker(config):
        end_shared_cluster(Path(os.environ[RUN_FOLDER]))


def _folder(item: pytest.Item) -> str:
    return item.path.relative_to(HERE).parts[0]


def _rank(item: pytest.Item) -> int:
    slow = 1 if item.get_closest_marker("slow") else 0
    return max(RANKS.get(_folder(item), 0), slow)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the browser tests and put the fast ones first."""
    for item in items:
        if _folder(item) == "browser":
            item.add_marker("browser")
    items.sort(key=_rank)


@pytest.fixture(scope="session")
def postgres() -> Cluster:
    """The run's PostgreSQL cluster; the test is skipped, with the reason, where none can run."""
    try:
        return shared_cluster(Path(os.environ[RUN_FOLDER]))
    except Unavailable as reason:
        pytest.skip(f"PostgreSQL: {reason}")


@pytest.fixture(scope="session")
def postgres_url(postgres: Cluster) -> Iterator[str]:
    """A database of this worker's own, empty at the start of the run."""
    name = postgres.create_database()
    yield postgres.url(name)
    postgres.drop_database(name)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A fresh, empty database for this test alone; the test runs once on each kind."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'liandong.db'}"
        return
    cluster: Cluster = request.getfixturevalue("postgres")
    name = cluster.create_database()
    yield cluster.url(name)
    cluster.drop_database(name)


@pytest.fixture(scope="session")
def chromium_path() -> Path:
    """The machine's Chromium; the test is skipped where there is none."""
    on_path = (shutil.which(name) for name in CHROMIUM_NAMES)
    found = [Path(path) for path in on_path if path]
    found += [path for path in CHROMIUM_ON_MACOS if path.exists()]
    if not found:
        pytest.skip("Chromium: none here: install the package chromium")
    return found[0]


@pytest.fixture(scope="session")
def browser(chromium_path: Path) -> Iterator[Browser]:
    """The machine's Chromium under playwright, one per worker; open a context of your own in it."""
    with ExitStack() as open_things:
        try:
            playwright = open_things.enter_context(sync_playwright())
            chromium = playwright.chromium.launch(
                executable_path=chromium_path, args=CHROMIUM_FLAGS
            )
        except Exception as reason:  # the driver's end comes as a bare Exception
            pytest.skip(f"Chromium: playwright cannot start it: {reason}")
        open_things.callback(chromium.close)
        yield chromium


@pytest.fixture(scope="session")
def chromium87() -> Visit:
    """`visit` of tests/browser/chromium87.py; skipped where PyQtWebEngine cannot be loaded."""
    loaded = subprocess.run(
        [sys.executable, "-c", "import PyQt5.QtWebEngineWidgets"],
        capture_output=True, text=True, check=False,
    )
    if loaded.returncode:
        reason = (loaded.stderr.strip().splitlines() or ["it ended without a word"])[-1]
        pytest.skip(f"Chromium 87: PyQtWebEngine cannot be loaded: {reason}")
    return visit
