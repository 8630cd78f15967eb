"""The set-up keeps its promises: locks without addresses, the import law, nothing built in git."""

import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy

ROOT = Path(__file__).parent.parent
PYTHON_LOCKS = ("requirements.txt", "requirements-dev.txt", "requirements-node.txt")
LONGEST_FILE = 600
WRITTEN_BY_HAND = {".py", ".js", ".mjs", ".css", ".html", ".jinja", ".sh", ".md"}
BUILT = re.compile(r"^(web/static/dist|node_modules|build|var|\.venv)/|\.egg-info/|\.pyc$")
# Written in pieces, so that this file does not hold what it forbids.
REGISTRY_HOSTS = tuple(
    ".".join(parts)
    for parts in (
        ("pypi", "org"), ("pythonhosted", "org"), ("npmjs", "org"), ("npmmirror", "com"),
        ("deb", "debian", "org"), ("debian", "org/debian"),
    )
)


def git_files() -> list[Path]:
    """Tracked files that the checkout still holds, whoever owns the checkout."""
    listed = subprocess.run(
        ["git", "-c", "safe.directory=*", "ls-files", "-z"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    ).stdout
    return [ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file()]


def named(requirement: str) -> str:
    """The normalised name of a requirement: `Flask-WTF>=1.3` → `flask-wtf` (PEP 503)."""
    name = re.match(r"[A-Za-z0-9._-]+", requirement)
    assert name, requirement
    return re.sub(r"[-_.]+", "-", name.group()).lower()


def locked(lock: str) -> set[str]:
    return {named(line) for line in (ROOT / lock).read_text().splitlines() if "==" in line}


def declared(*extras: str) -> set[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    optional = project["optional-dependencies"]
    wanted = [*project["dependencies"], *(line for extra in extras for line in optional[extra])]
    return {named(line) for line in wanted}


def test_the_runtime_lock_covers_what_the_project_declares() -> None:
    assert declared("build") - locked("requirements.txt") == set()


def test_the_development_lock_covers_the_runtime_and_the_tests() -> None:
    assert declared("build", "dev") - locked("requirements-dev.txt") == set()
    assert locked("requirements.txt") - locked("requirements-dev.txt") == set()


def pins(lock: str) -> dict[str, str]:
    lines = (line for line in (ROOT / lock).read_text().splitlines() if "==" in line)
    return {named(line): line.split("==")[1].split()[0] for line in lines}


def test_both_locks_agree_on_every_version() -> None:
    runtime, development = pins("requirements.txt"), pins("requirements-dev.txt")
    assert {name: development[name] for name in runtime} == runtime


@pytest.mark.parametrize("lock", PYTHON_LOCKS)
def test_a_python_lock_names_no_address_and_hashes_everything(lock: str) -> None:
    text = (ROOT / lock).read_text()
    assert "://" not in text and "--index" not in text and "--find-links" not in text
    for requirement in re.split(r"\n(?=[a-z0-9])", text)[1:]:
        assert "--hash=sha256:" in requirement, requirement


def npm_packages() -> dict[str, dict[str, object]]:
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    return {path: package for path, package in packages.items() if path}


def test_the_npm_lock_names_no_address_and_hashes_everything() -> None:
    for path, package in npm_packages().items():
        assert "resolved" not in package, path
        assert str(package["integrity"]).startswith("sha512-"), path


def test_npm_runs_no_script_of_a_package() -> None:
    settings = (ROOT / ".npmrc").read_text().splitlines()
    assert "ignore-scripts=true" in settings
    assert "omit-lockfile-registry-resolved=true" in settings


def test_package_json_names_exact_versions_and_the_lock_has_them() -> None:
    package = json.loads((ROOT / "package.json").read_text())
    for name, version in (package["dependencies"] | package["devDependencies"]).items():
        assert re.fullmatch(r"\d+\.\d+\.\d+", version), name
        assert npm_packages()[f"node_modules/{name}"]["version"] == version


def test_no_tracked_file_names_a_registry() -> None:
    guilty = []
    for path in git_files():
        text = path.read_bytes().decode("utf-8", errors="ignore")
        guilty += [(path.name, host) for host in REGISTRY_HOSTS if host in text]
    assert guilty == []


def test_nothing_built_is_tracked() -> None:
    names = [path.relative_to(ROOT).as_posix() for path in git_files()]
    assert [name for name in names if BUILT.search(name)] == []


def test_no_file_written_by_hand_is_longer_than_a_reader_can_hold() -> None:
    texts = [path for path in git_files() if path.suffix in WRITTEN_BY_HAND]
    long = {p.name: n for p in texts if (n := len(p.read_text().splitlines())) > LONGEST_FILE}
    assert long == {}


def ruff(*arguments: str, source: str | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "ruff", "check", "--no-cache", "--output-format", "concise",
         *arguments],
        cwd=ROOT, input=source, capture_output=True, text=True, check=False,
    )


def test_the_code_keeps_the_import_law() -> None:
    checked = ruff("--select", "TID251", ".")
    assert checked.returncode == 0, checked.stdout


@pytest.mark.parametrize(
    ("place", "line"),
    [
        ("engine/incidents.py", "from SpiffWorkflow.task import Task"),
        ("engine/incidents.py", "from lxml import etree"),
        ("engine/incidents.py", "import flask"),
        ("engine/incidents.py", "import forms"),
        ("engine/incidents.py", "from web import app"),
        ("engine/timing/periods.py", "import time\n\nnow = time.time()"),
    ],
)
def test_the_import_law_is_noticed_when_broken(place: str, line: str) -> None:
    checked = ruff("--select", "TID251", "--stdin-filename", place, "-", source=f"{line}\n")
    assert "TID251" in checked.stdout


@pytest.mark.parametrize(
    ("place", "line"),
    [
        ("engine/bpmn/parser.py", "from SpiffWorkflow.task import Task"),
        ("engine/xml.py", "from lxml import etree"),
        ("engine/timing/clock.py", "import time\n\nnow = time.time()"),
        ("web/tasklist.py", "import flask"),
    ],
)
def test_the_import_law_lets_through_what_it_should(place: str, line: str) -> None:
    checked = ruff("--select", "TID251", "--stdin-filename", place, "-", source=f"{line}\n")
    assert "TID251" not in checked.stdout


@pytest.fixture
def engine(database_url: str) -> Iterator[sqlalchemy.Engine]:
    engine = sqlalchemy.create_engine(database_url)
    yield engine
    engine.dispose()


@pytest.mark.parametrize("turn", ["first", "second"])
def test_every_test_gets_an_empty_database_of_its_own(engine: sqlalchemy.Engine, turn: str) -> None:
    """Given two tests that make the same table, when both run, then neither sees the other's."""
    with engine.begin() as connection:
        connection.execute(sqlalchemy.text("CREATE TABLE kept (turn text)"))
        assert connection.execute(sqlalchemy.text("SELECT count(*) FROM kept")).scalar() == 0
    assert sqlalchemy.inspect(engine).get_table_names() == ["kept"]
