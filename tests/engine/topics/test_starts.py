"""`request.start`: one procedure begins out of another, or is waited for (D12, procedures A4)."""

from sqlalchemy import select

from engine import case_files
from engine.store.models import Envelope, ProcessInstance
from engine.verbs import unit_of_work
from tests.engine.drawing import element, flows, process, properties, timer, user
from tests.engine.house import BUREAU, COURT, House
from tests.engine.topics.drawing import topic

OTHER = process(
    "other",
    element("startEvent", "s"),
    user("look"),
    flows("s -> look"),
    extra=properties(request_type="SPC"),
)


def asking(**inputs: str) -> bytes:
    return process(
        "p",
        element("startEvent", "s"),
        user("first"),
        topic("ask", "request.start", **{"process": "other", **inputs}),
        user("after"),
        flows("s -> first -> ask -> after"),
    )


def begun(house: House, key: str) -> ProcessInstance:
    (found,) = house.rows(select(ProcessInstance).where(ProcessInstance.process_key == key))
    return found


def asked_with_a_case_file(house: House, **inputs: str) -> str:
    instance = house.run(asking(**inputs))
    known = {"FG-PERSON.name": "王某", "FG-CASE.case_no": "（2026）豫1321执1号", "own.note": "甲"}
    with unit_of_work(house.engine, "system") as unit:
        case_files.write(unit, COURT, house.instance(instance).business_key, known)
    house.complete("first")
    house.tick()
    return instance


def test_the_new_request_has_its_own_number_and_knows_where_it_came_from(house: House) -> None:
    house.deploy("other", OTHER)
    origin = asked_with_a_case_file(house, kind="伤亡脱逃或错控")
    other = begun(house, "other")
    assert other.business_key == f"{COURT}-SPC-2026-000001"
    assert other.parties == house.instance(origin).parties
    variables = house.variables(other.id)
    assert variables["origin_request"] == house.instance(origin).business_key
    assert variables["kind"] == "伤亡脱逃或错控"
    assert house.open() == ["after", "look"]


def test_its_first_task_is_on_the_desk_of_who_asked(house: House) -> None:
    house.deploy("other", OTHER)
    asked_with_a_case_file(house)
    (task,) = [task for task in house.tasks() if task.element_id == "look"]
    assert (task.assignee, begun(house, "other").started_by) == ("handler", "handler")


def test_its_case_file_begins_with_the_field_groups_and_nothing_else(house: House) -> None:
    house.deploy("other", OTHER)
    asked_with_a_case_file(house)
    with unit_of_work(house.engine, "system") as unit:
        known = case_files.read(unit, COURT, begun(house, "other").business_key)
    assert known == {"FG-PERSON.name": "王某", "FG-CASE.case_no": "（2026）豫1321执1号"}


def test_chosen_fields_travel_alone(house: House) -> None:
    house.deploy("other", OTHER)
    asked_with_a_case_file(house, fields="FG-PERSON, own")
    with unit_of_work(house.engine, "system") as unit:
        known = case_files.read(unit, COURT, begun(house, "other").business_key)
    assert known == {"FG-PERSON.name": "王某", "own.note": "甲"}


def test_the_other_agency_begins_its_half_of_the_procedure(house: House) -> None:
    half = OTHER.replace(b'process id="other"', b'process id="other__police"')
    half = half.replace(
        b'name="request.type"',
        b'name="agency" value="police"/><camunda:property name="request.type"',
    )
    court = OTHER.replace(
        b'name="request.type"',
        b'name="agency" value="court"/><camunda:property name="request.type"',
    )
    house.deploy("other", court)
    house.deploy("other__police", half)
    asked_with_a_case_file(house, to="police")
    other = begun(house, "other__police")
    assert (other.agency_id, other.started_by) == (BUREAU, "system")


def test_a_process_that_does_not_exist_yet_is_waited_for_and_begins_once_it_does(
    house: House,
) -> None:
    asked_with_a_case_file(house)
    (envelope,) = house.rows(select(Envelope))
    assert (envelope.state, envelope.to_process) == ("waiting", "other")
    house.deploy("other", OTHER)
    house.tick()
    assert begun(house, "other").state == "active"
    (envelope,) = house.rows(select(Envelope))
    assert (envelope.state, envelope.instance_id) == ("correlated", begun(house, "other").id)


def test_a_broken_procedure_does_not_hold_up_the_one_that_asks_for_it(house: House) -> None:
    broken = process(
        "other",
        element("startEvent", "s"),
        topic("bad", "notify", to="court_handler"),
        flows("s -> bad"),
    )
    house.deploy("other", broken)
    asked_with_a_case_file(house)
    assert house.open() == ["after"]
    assert house.rows(select(ProcessInstance).where(ProcessInstance.process_key == "other")) == []


def test_a_process_without_a_type_is_a_further_instance_of_the_same_request(house: House) -> None:
    house.deploy("other", OTHER.replace(b'name="request.type"', b'name="note"'))
    origin = asked_with_a_case_file(house)
    assert begun(house, "other").business_key == house.instance(origin).business_key


PART = process("part", element("startEvent", "s"), user("look"), flows("s -> look"))


def test_an_item_of_the_request_has_a_number_below_it_and_a_case_file_of_its_own(
    house: House,
) -> None:
    house.deploy("part", PART)
    origin = asked_with_a_case_file(house, process="part", item='${"0" + string(1)}')
    key = house.instance(origin).business_key + "/01"
    assert begun(house, "part").business_key == key
    with unit_of_work(house.engine, "system") as unit:
        assert case_files.read(unit, COURT, key)["FG-PERSON.name"] == "王某"


def test_what_the_engine_asks_for_by_itself_is_on_the_desk_of_who_started_the_origin(
    house: House,
) -> None:
    house.deploy("other", OTHER)
    house.run(
        process(
            "p",
            element("startEvent", "s"),
            element("intermediateCatchEvent", "wait", timer("timeDuration", "PT1H")),
            topic("ask", "request.start", process="other"),
            flows("s -> wait -> ask"),
        )
    )
    house.advance(hours=1)
    (task,) = house.tasks()
    assert (task.assignee, begun(house, "other").started_by) == ("handler", "handler")
