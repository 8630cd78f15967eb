"""The demonstration: made by the real verbs, once, and never where real data may be."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select

from app import Installation, Settings, liandong
from engine import rehearsal
from engine.errors import Forbidden, Refusal
from engine.sign_in import actor_of_session, sign_in
from engine.store.models import (
    AuditRow,
    Deadline,
    Incident,
    Person,
    ProcessInstance,
    Setting,
    UserTask,
)
from engine.timing.clock import OffsetClock
from engine.verbs import unit_of_work
from tests.web.rehearsed import WORKFLOWS, procedures
from web.commands.init import prepare
from web.rehearsal.demonstration import make
from web.rehearsal.report import told_of

CONTROLLED = """
demo: 已控制
ago: PT1H
values: {case_no: （2026）豫1321执77号}
when:
  - {by: court_handler, start: night, request: main}
  - {by: court_handler, complete: Task_Request}
  - {by: court_president, complete: Task_Approve}
  - advance: PT20M
  - {by: police_station, complete: Task_Control}
"""


def installed(data: Path, workflows: Path) -> Installation:
    """An installation on the database in `data`, as a new process would have it."""
    return Installation(Settings(f"sqlite:///{data / 'liandong.db'}", data, workflows))


def story(workflows: Path, text: str, name: str = "one.yaml") -> None:
    home = workflows / "night" / "demo"
    home.mkdir(exist_ok=True)
    (home / name).write_text(text, encoding="utf-8")


@pytest.fixture
def workflows(tmp_path: Path) -> Path:
    folder = tmp_path / "workflows"
    folder.mkdir()
    procedures(folder)
    story(folder, CONTROLLED)
    return folder


@pytest.fixture
def installation(tmp_path: Path, workflows: Path) -> Installation:
    return installed(tmp_path, workflows)


def counted(installation: Installation) -> list[int]:
    tables = (ProcessInstance, UserTask, Person, AuditRow, Deadline)
    with installation.database.read() as session:
        return [session.scalar(select(func.count()).select_from(table)) for table in tables]


def told(made) -> str:
    return "\n".join(told_of(*one) for one in made.failed)


def test_a_story_ends_now_with_its_clocks_running(installation: Installation) -> None:
    made = make(installation)
    assert made.told == ["已控制"] and not made.failed, told(made)
    engine = installation.engine()
    with engine.database.read() as session:
        (deadline,) = session.scalars(select(Deadline)).all()
        (task,) = session.scalars(select(UserTask).where(UserTask.state == "open")).all()
        instance = session.get_one(ProcessInstance, task.instance_id)
    left = deadline.due_at - engine.clock.now()
    assert deadline.state == "running"
    assert timedelta(hours=1, minutes=18) < left <= timedelta(hours=1, minutes=20)
    assert (task.element_id, instance.case_no) == ("Task_Respond", "（2026）豫1321执77号")


def test_two_procedures_may_each_have_a_story_of_the_same_name(
    installation: Installation, workflows: Path
) -> None:
    home = workflows / "other" / "demo"
    home.mkdir(parents=True)
    (home / "one.yaml").write_text(CONTROLLED.replace("已控制", "又控制一人"), encoding="utf-8")
    assert sorted(make(installation).told) == ["又控制一人", "已控制"]


def test_it_is_made_on_postgresql_too(tmp_path: Path, workflows: Path, postgres_url: str) -> None:
    installation = Installation(Settings(postgres_url, tmp_path, workflows))
    made = make(installation)
    assert made.told == ["已控制"] and not made.failed, told(made)
    engine = installation.engine()
    rehearsal.advance_clock(engine, "system", engine.clock.now() + timedelta(hours=3))
    with engine.database.read() as session:
        assert session.scalars(select(Deadline.state)).all() == ["overdue"]
    installation.database.close()


def test_a_second_time_nothing_changes(
    tmp_path: Path, workflows: Path, installation: Installation
) -> None:
    make(installation)
    before = counted(installation)
    again = installed(tmp_path, workflows)
    assert make(again).told == []
    assert counted(again) == before


def test_what_was_broken_off_is_finished_and_no_story_told_twice(
    tmp_path: Path, workflows: Path, installation: Installation
) -> None:
    """The machine stops after the database was marked, and again in the midst of a story."""
    rehearsal.make_demonstration(installation.database, "demo-12345678")
    story(workflows, CONTROLLED.replace("Task_Control}", "Task_Respond}"), "broken.yaml")
    first = make(installed(tmp_path, workflows))
    assert len(first.told) == 2
    assert "没有开着的任务 Task_Respond" in told(first)
    story(workflows, CONTROLLED, "later.yaml")
    assert len(make(installed(tmp_path, workflows)).told) == 1
    assert rehearsal.password_of(installation.database) == "demo-12345678"


def test_a_database_made_without_it_is_refused_and_stays_what_it_is(
    tmp_path: Path, workflows: Path, installation: Installation
) -> None:
    prepare(installation)
    before = counted(installation)
    with pytest.raises(Refusal, match=r"demo\.real_database"):
        make(installed(tmp_path, workflows))
    assert counted(installation) == before
    prepare(installed(tmp_path, workflows))
    assert not rehearsal.is_demonstration(installation.database)
    assert not rehearsal.is_rehearsing(installed(tmp_path, workflows).engine())


def test_a_demonstration_stays_one_when_it_is_brought_up_to_date(
    tmp_path: Path, workflows: Path, installation: Installation
) -> None:
    make(installation)
    again = installed(tmp_path, workflows)
    prepare(again)
    assert isinstance(again.engine().clock, OffsetClock)


def test_everybody_signs_in_with_the_one_password_and_bears_a_made_up_name(
    installation: Installation,
) -> None:
    make(installation)
    engine = installation.engine()
    password = rehearsal.password_of(engine.database)
    for login in ("court_handler", "night_officer", "zk_police_station", "sys_admin"):
        assert sign_in(engine, login, password, "10.0.0.1")
    from engine.queries.people import demo_sheet

    sheet = demo_sheet(engine)
    assert sheet is not None
    assert all(account.name.startswith("示例") for account in sheet.accounts)


def test_a_new_procedure_brings_its_people_to_a_demonstration_that_is_there(
    tmp_path: Path, workflows: Path, installation: Installation
) -> None:
    make(installation)
    diagram = workflows / "night" / "night.bpmn"
    drawn = diagram.read_text(encoding="utf-8")
    diagram.write_text(drawn.replace('"court_president"', '"court_bailiff"'), encoding="utf-8")
    make(installed(tmp_path, workflows))
    with installation.database.read() as session:
        assert session.scalar(select(Person.id).where(Person.login == "court_bailiff"))


# the clock ----------------------------------------------------------------------------


@pytest.fixture
def administrator(installation: Installation) -> Iterator[str]:
    make(installation)
    with installation.database.read() as session:
        found = session.scalar(select(Person.id).where(Person.login == "sys_admin"))
    assert found is not None
    yield found


def test_the_clock_moves_on_and_each_alarm_rings_at_its_instant(
    tmp_path: Path, workflows: Path, installation: Installation, administrator: str
) -> None:
    engine = installation.engine()
    start = engine.clock.now()
    rehearsal.advance_clock(engine, administrator, start + timedelta(hours=5))
    with engine.database.read() as session:
        deadline = session.scalars(select(Deadline)).one()
        rows = session.execute(
            select(Deadline.due_at, AuditRow.at)
            .join(AuditRow, AuditRow.action == "timer.fired")
            .where(AuditRow.at >= start)
        ).all()
    assert deadline.state == "overdue"
    assert all(at - due < timedelta(minutes=1) for due, at in rows) and rows
    shift = engine.clock.now() - start
    assert timedelta(hours=5) <= shift < timedelta(hours=5, minutes=5)
    other_process = installed(tmp_path, workflows).engine()
    assert other_process.clock.now() - start >= timedelta(hours=5)


def test_nobody_is_signed_out_by_it_and_it_is_audited(
    installation: Installation, administrator: str
) -> None:
    engine = installation.engine()
    password = rehearsal.password_of(engine.database)
    signed_in = sign_in(engine, "court_handler", password, "10.0.0.1")
    rehearsal.advance_clock(engine, administrator, engine.clock.now() + timedelta(days=3))
    assert actor_of_session(engine, signed_in.session_key) is not None
    with engine.database.read() as session:
        acts = session.scalars(select(AuditRow).where(AuditRow.action == "clock.advanced")).all()
    assert [act.actor for act in acts] == [administrator]


def test_nobody_else_moves_it_nor_backwards_nor_too_far(
    installation: Installation, administrator: str
) -> None:
    engine = installation.engine()
    now = engine.clock.now()
    with installation.database.read() as session:
        handler = session.scalar(select(Person.id).where(Person.login == "court_handler"))
    with pytest.raises(Forbidden, match=r"demo\.may_not_advance"):
        rehearsal.advance_clock(engine, handler or "", now + timedelta(hours=1))
    with pytest.raises(Refusal, match=r"clock\.backwards"):
        rehearsal.advance_clock(engine, administrator, now - timedelta(hours=1))
    with pytest.raises(Refusal, match=r"demo\.too_far"):
        rehearsal.advance_clock(engine, administrator, now + timedelta(days=400))


def test_the_clock_of_a_real_database_cannot_be_moved(
    tmp_path: Path, workflows: Path, installation: Installation
) -> None:
    prepare(installation)
    engine = installation.engine()
    with pytest.raises(Refusal, match=r"demo\.not_a_demonstration"):
        rehearsal.advance_clock(engine, "system", engine.clock.now() + timedelta(hours=1))
    with unit_of_work(engine, "system") as unit:
        unit.session.add(Setting(key="demo_offset", value=3600))
    again = installed(tmp_path, workflows).engine()
    assert again.clock.now() - engine.clock.now() < timedelta(minutes=5)


# the command, and the stories that ship ------------------------------------------------


def test_the_command_tells_the_accounts_and_their_password(
    tmp_path: Path, installation: Installation
) -> None:
    done = CliRunner().invoke(liandong, ["demo"], obj=installation)
    assert done.exit_code == 0, done.output
    assert "court_handler" in done.output
    assert rehearsal.password_of(installation.database) in done.output


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("demo: a\nago: soon\nwhen: []", "应为时长"),
        ("demo: a\nago: PT1H\nagencies: paris\nwhen: []", "nanzhao"),
        ("demo: a\nago: PT1H\nwhen: [{advance: PT1H, then: [{running: night}]}]", "不写 then"),
    ],
)
def test_a_mistake_in_a_story_is_named(
    workflows: Path, installation: Installation, text: str, told: str
) -> None:
    from web.complaints import complaint_line

    story(workflows, text)
    with pytest.raises(Refusal) as refusal:
        make(installation)
    lines = [complaint_line(one) for one in refusal.value.params["complaints"]]
    assert any(told in line for line in lines), lines


@pytest.mark.slow
def test_every_story_that_ships_is_told_to_its_end(tmp_path: Path) -> None:
    installation = installed(tmp_path, WORKFLOWS)
    made = make(installation)
    assert not made.failed, told(made)
    assert not made.left_out
    with installation.database.read() as session:
        assert session.scalars(select(Incident)).all() == []
