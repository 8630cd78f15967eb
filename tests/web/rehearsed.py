"""A folder of procedures with the night's diagram in it, and scenarios written into it."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent, indent

from app import Installation, Settings
from web.rehearsal.playing import Outcome, play
from web.rehearsal.stage import Stage

WORKFLOWS = Path(__file__).parents[2] / "workflows"
DATA = Path(__file__).parent / "data"
HEAD = "scenario: 夜间查控\nprofile: nanzhao_2021\nclock: 2026-03-02T22:00\n"
SAMPLES = {
    "night_request": """
        case_no: （2026）豫1321执12号
        doc_no: "411321180001010005"
        efforts: 已到住所走访两次，邻居称其外出未归。
    """,
    "night_respond": """
        can_arrive_in_time: true
        eta: '=now() + duration("PT30M")'
        phone: "13000000001"
        team: [{name: 丙某}]
        photo: 现场照片.jpg
    """,
}


def procedures(folder: Path) -> Path:
    """`folder` with norms, groups and the night."""
    for shared in ("norms", "groups"):
        (folder / shared).symlink_to(WORKFLOWS / shared)
    home = folder / "night"
    (home / "scenarios" / "steps").mkdir(parents=True)
    for file in DATA.glob("night*"):
        (home / file.name).write_bytes(file.read_bytes())
    for form, values in SAMPLES.items():
        (home / f"{form}.sample.yaml").write_text(dedent(values), encoding="utf-8")
    return folder


def stage_of(folder: Path) -> Stage:
    settings = Settings(f"sqlite:///{folder / 'unused.db'}", folder, folder)
    return Stage(folder, Installation(settings).rehearse)


def written(folder: Path, text: str, name: str = "one.yaml") -> Path:
    """A scenario's file; `text` follows the head."""
    path = folder / "night" / "scenarios" / name
    path.write_text(HEAD + dedent(text), encoding="utf-8")
    return path


def played(stage: Stage, when: str, then: str = "") -> Outcome:
    """The outcome of a scenario with these steps and checks, each a line of YAML."""
    parts = [("when", when), *([("then", then)] if then else [])]
    text = "".join(f"{word}:\n{indent(dedent(body).strip(), '  ')}\n" for word, body in parts)
    return play(stage, written(stage.workflows, text))
