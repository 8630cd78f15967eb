"""流程监控, 今日期限, 异常: what supervisors see, narrowed, sorted, page by page."""

from __future__ import annotations

import re
from datetime import timedelta
from urllib.parse import unquote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event, text

from engine.actors import Actor, PostHeld, load_actor
from engine.engine import Engine
from engine.errors import Forbidden
from engine.queries import instance_list
from engine.queries.deadline_board import deadline_board
from engine.queries.instance_filters import DUE, STATES, Wanted
from engine.queries.instance_list import SORTS, overseen_instances, tally
from engine.queries.open_incidents import open_incidents
from engine.store.models import ProcessDefinition, ProcessInstance, UserTask
from tests.factories import COURT, POLICE, World
from tests.web.conftest import SignIn
from tests.web.night import Night

PRESIDENT = Actor("president", COURT, "court", None,
                  (PostHeld(COURT, "court-enforcement", "court_president"),))


@pytest.fixture
def many(engine: Engine, night: Night) -> list[str]:
    """120 instances, one a minute, oldest first; every third has ended, every fifth is late."""
    with engine.database.write() as session:
        world = World(engine, session)
        definition = session.get_one(ProcessDefinition, night.definition)
        return [_instance(world, definition, number) for number in range(120)]


def _instance(world: World, definition: ProcessDefinition, number: int) -> str:
    ended = number % 3 == 0
    made = world.instance(
        definition,
        business_key=f"豫1321-PER-2026-{number:06}", case_no=f"（2026）豫1321执{number}号",
        started_at=world.now - timedelta(days=1, minutes=120 - number),
        state="completed" if ended else "active", ended_at=world.now if ended else None,
    )
    if not ended:
        late = -1 if number % 5 == 0 else 1
        world.deadline(made, made.started_at, world.now + timedelta(hours=late * (number + 1)))
    return made.id


def walked(engine: Engine, wanted: Wanted) -> list[str]:
    """Ids of all pages, forwards."""
    found, cursor = [], None
    while True:
        stretch = overseen_instances(engine, PRESIDENT, wanted, cursor)
        found += [row.id for row in stretch.rows]
        if stretch.after is None:
            return found
        cursor = stretch.after


# the list -----------------------------------------------------------------------------


def test_a_supervisor_sees_every_instance_of_the_agency_and_none_of_another(
    sign_in: SignIn, night: Night
) -> None:
    page = sign_in("president").get("/instances").text
    assert f"/instances/{night.court}" in page
    assert f"/instances/{night.police}" not in page
    assert "法院响应" in page
    assert "承办人甲" in page
    assert "被控制人员交接" in page


def test_who_supervises_nothing_sees_no_list(engine: Engine, night: Night) -> None:
    with engine.database.read() as session:
        handler = load_actor(session, "handler", engine.clock.now())
    for question in (overseen_instances, deadline_board, open_incidents):
        with pytest.raises(Forbidden):
            question(engine, handler, *([Wanted()] if question is overseen_instances else []))


@pytest.mark.parametrize("sort", SORTS)
def test_the_pages_together_hold_every_row_once_in_order(
    engine: Engine, many: list[str], sort: str
) -> None:
    found = walked(engine, Wanted(state="all", sort=sort))
    assert len(found) == len(set(found)) == 121
    if sort == "oldest":
        assert found[:120] == many
    if sort == "newest":
        assert found[1:] == many[::-1]


def test_turning_back_shows_the_page_before(engine: Engine, many: list[str]) -> None:
    wanted = Wanted(state="all")
    first = overseen_instances(engine, PRESIDENT, wanted)
    second = overseen_instances(engine, PRESIDENT, wanted, first.after)
    again = overseen_instances(engine, PRESIDENT, wanted, second.before)
    assert [row.id for row in again.rows] == [row.id for row in first.rows]
    assert again.before is None
    assert again.after is not None


def test_a_row_that_arrives_meanwhile_shifts_no_page(
    engine: Engine, night: Night, many: list[str]
) -> None:
    first = overseen_instances(engine, PRESIDENT, Wanted(state="all"))
    with engine.database.write() as session:
        world = World(engine, session)
        world.instance(session.get_one(ProcessDefinition, night.definition), started_at=world.now)
    second = overseen_instances(engine, PRESIDENT, Wanted(state="all"), first.after)
    assert not {row.id for row in second.rows} & {row.id for row in first.rows}
    assert second.rows[0].started_at < first.rows[-1].started_at


def test_sorted_by_limit_the_latest_stands_first_and_what_has_none_last(
    engine: Engine, many: list[str]
) -> None:
    rows = overseen_instances(engine, PRESIDENT, Wanted(state="all", sort="due")).rows
    dues = [row.limit.due_at for row in rows if row.limit]
    assert dues == sorted(dues)
    assert walked(engine, Wanted(state="all", sort="due"))[-40:] == sorted(many[::3])


@pytest.mark.parametrize(("text", "numbers"), [
    ("执77号", [77]), ("(2026)豫1321执8号", [8]), ("per-2026-00011", range(110, 120)),
    ("100%", []), ("执_号", []),
])
def test_a_part_of_a_number_finds_its_instances(
    engine: Engine, many: list[str], text: str, numbers: list[int]
) -> None:
    found = walked(engine, Wanted(state="all", text=text, sort="oldest"))
    assert found == [many[number] for number in numbers]


def test_filters_narrow_together(engine: Engine, night: Night, many: list[str]) -> None:
    late = {many[number] for number in range(120) if number % 5 == 0 and number % 3}
    assert set(walked(engine, Wanted(due="overdue"))) == late
    assert walked(engine, Wanted(due="overdue", state="completed")) == []
    assert walked(engine, Wanted(procedure="another")) == []
    assert walked(engine, Wanted(unit="court-enforcement", incident=True)) == [night.court]


@settings(max_examples=40, deadline=None,
          suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(wanted=st.builds(
    Wanted, state=st.sampled_from(STATES), due=st.none() | st.sampled_from(DUE),
    incident=st.booleans(), sort=st.sampled_from(SORTS), text=st.sampled_from(["", "执1", "'%_\\"]),
    unit=st.none() | st.just("court-enforcement"), procedure=st.none() | st.just("night"),
))
def test_the_count_is_the_number_of_rows_however_narrowed(
    engine: Engine, many: list[str], wanted: Wanted
) -> None:
    assert overseen_instances(engine, PRESIDENT, wanted).total == len(walked(engine, wanted))


def test_beyond_the_limit_nobody_counts(
    engine: Engine, sign_in: SignIn, many: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(instance_list, "COUNTED", 50)
    assert overseen_instances(engine, PRESIDENT, Wanted(state="all")).total == 51


def test_the_tiles_count_and_lead_to_what_they_count(
    engine: Engine, sign_in: SignIn, many: list[str]
) -> None:
    counted = tally(engine, PRESIDENT)
    assert (counted.open, counted.overdue, counted.incidents, counted.suspended) == (81, 16, 1, 0)
    page = sign_in("president").get("/instances").text
    assert re.search(r'href="/instances\?due=overdue"[^>]*><b>16</b>', page)


def test_the_page_keeps_its_filters_when_it_is_turned(
    sign_in: SignIn, many: list[str]
) -> None:
    client = sign_in("president")
    first = client.get("/instances?state=all&text=执&sort=oldest").text
    turned = unquote(re.search(r'href="(/instances\?[^"]*after[^"]*)"', first)[1])
    assert "state=all" in turned
    assert "text=执" in turned
    assert "豫1321-PER-2026-000060" in client.get(turned.replace("&amp;", "&")).text


@pytest.mark.parametrize("query", ["state=x&due=y&sort=z", "after=no", "after=2026-01-01,a",
                                   "before=2026-01-01T00:00:00%2B00:00,", "text=" + "9" * 500])
def test_a_crooked_address_shows_a_list(sign_in: SignIn, night: Night, query: str) -> None:
    assert sign_in("president").get(f"/instances?{query}").status_code == 200


@pytest.mark.parametrize("rows", [2, 60])
def test_the_list_costs_the_same_statements_however_long_it_is(
    engine: Engine, night: Night, sign_in: SignIn, rows: int
) -> None:
    with engine.database.write() as session:
        world = World(engine, session)
        definition = session.get_one(ProcessDefinition, night.definition)
        for number in range(rows):
            _instance(world, definition, number)
    client, seen = sign_in("president"), []
    event.listen(engine.database.reader, "before_cursor_execute", lambda *a: seen.append(a[2]))
    client.get("/instances?state=all")
    # One of them asks whether a password that was reset has to be changed first.
    assert len([one for one in seen if one.startswith("SELECT")]) <= 17


def plans(engine: Engine, wanted: Wanted) -> list[str]:
    """What SQLite says it will do, step by step, for every statement of the list."""
    seen: list[tuple[str, object]] = []
    remember = lambda c, cursor, statement, parameters, *rest: seen.append((statement, parameters))  # noqa: E731
    event.listen(engine.database.reader, "before_cursor_execute", remember)
    overseen_instances(engine, PRESIDENT, wanted)
    tally(engine, PRESIDENT)
    event.remove(engine.database.reader, "before_cursor_execute", remember)
    with engine.database.reader.connect() as connection:
        raw = connection.connection.cursor()
        return [
            step[3]
            for statement, parameters in seen if statement.startswith("SELECT")
            for step in raw.execute(f"EXPLAIN QUERY PLAN {statement}", parameters).fetchall()
        ]


@pytest.mark.parametrize("wanted", [
    Wanted(), Wanted(state="all"), Wanted(state="suspended"), Wanted(procedure="night"),
    Wanted(state="all", procedure="night"), Wanted(state="all", unit="court-enforcement"),
    Wanted(due="overdue"), Wanted(due="provisional"), Wanted(incident=True), Wanted(text="执12"),
    Wanted(state="all", text="执12"), Wanted(sort="due"),
])
def test_no_statement_of_the_list_reads_a_whole_table(
    engine: Engine, many: list[str], wanted: Wanted
) -> None:
    """Found by an index, or read from one that holds the agency: see tests/bench for times."""
    with engine.database.writer.connect() as connection:
        connection.execute(text("ANALYZE"))
    whole = re.compile(r"^SCAN (process_instance|deadline|user_task|incident)(_\d+)?$")
    assert [step for step in plans(engine, wanted) if whole.match(step)] == []


# the board ----------------------------------------------------------------------------


def test_the_board_sorts_limits_by_the_day_on_which_they_end(
    engine: Engine, night: Night
) -> None:
    """02:40 in China: `today` ends at 24:00 there, whatever the date in UTC."""
    hours = {"late": -1, "tonight": 21, "tomorrow": 22, "next week": 200, "uncertain": 201}
    with engine.database.write() as session:
        world = World(engine, session)
        instance = session.get_one(ProcessInstance, night.court)
        for name, after in hours.items():
            world.deadline(instance, world.now - timedelta(days=2),
                           world.now + timedelta(hours=after), period_id=name,
                           provisional=name == "uncertain", unit_id="court-enforcement")
    board = deadline_board(engine, PRESIDENT)
    found = {key: [one.period_id for one in lines] for key, lines in board.lines.items()}
    assert found == {"overdue": ["late"], "today": ["T-PER-2H", "tonight"],
                     "tomorrow": ["tomorrow"], "provisional": ["uncertain"]}
    assert board.numbers == {"overdue": 1, "today": 2, "tomorrow": 1, "provisional": 1}


def test_the_board_counts_by_unit_and_procedure_and_narrows_to_them(
    engine: Engine, night: Night
) -> None:
    with engine.database.write() as session:
        world = World(engine, session)
        instance = session.get_one(ProcessInstance, night.court)
        world.deadline(instance, world.now, world.now, unit_id="court-enforcement")
    board = deadline_board(engine, PRESIDENT)
    assert [(row.name, row.numbers["overdue"], row.numbers["today"]) for row in board.by_unit] == [
        ("执行局", 1, 0), (None, 0, 1)]
    assert [row.key for row in board.by_procedure] == ["night"]
    narrowed = deadline_board(engine, PRESIDENT, unit="court-enforcement")
    assert narrowed.numbers == {"overdue": 1, "today": 0, "tomorrow": 0, "provisional": 0}
    assert len(deadline_board(engine, PRESIDENT, unit="").lines["today"]) == 1


def test_the_board_names_who_bears_the_duty(sign_in: SignIn, night: Night) -> None:
    page = sign_in("president").get("/deadlines").text
    assert "被控制人员交接" in page
    assert "承办人甲" in page
    assert "剩余 1小时12分" in page


def test_a_duty_that_nobody_has_taken_is_said_to_wait(
    engine: Engine, sign_in: SignIn, night: Night
) -> None:
    with engine.database.write() as session:
        session.get_one(UserTask, night.respond).assignee = None
    [line] = deadline_board(engine, PRESIDENT).lines["today"]
    assert (line.bearers, line.unclaimed) == ((), True)
    assert "尚未领取" in sign_in("president").get("/deadlines").text


def test_htmx_gets_the_boards_changing_part_alone(sign_in: SignIn, night: Night) -> None:
    fragment = sign_in("president").get("/deadlines", headers={"HX-Request": "true"}).text
    assert "<html" not in fragment
    assert "已逾期" in fragment


def test_another_agencys_limits_stay_off_the_board(
    engine: Engine, night: Night, sign_in: SignIn
) -> None:
    with engine.database.write() as session:
        world = World(engine, session)
        theirs = session.get_one(ProcessInstance, night.police)
        world.deadline(theirs, world.now, world.now + timedelta(hours=1), agency_id=POLICE)
    assert deadline_board(engine, PRESIDENT).numbers["today"] == 1


# incidents ----------------------------------------------------------------------------


def test_an_incident_is_listed_with_its_element_and_its_sentence(
    sign_in: SignIn, night: Night
) -> None:
    page = sign_in("president").get("/incidents").text
    assert "网关“是否到达”" in page
    assert "法院响应" in page
    assert "Task_Respond" in page
    assert f"/incidents/{night.incident}/retry" in page
    assert "没有待处理的异常" in sign_in("legal").get("/incidents").text
