"""Two agencies, one request: envelopes between two instances of one collaboration (D13, A5)."""

from sqlalchemy import select

from engine.store.models import Agency, Envelope, Incident, ProcessInstance
from tests.engine.drawing import HEAD, element, flows, properties, user
from tests.engine.house import BUREAU, COURT, House

MESSAGES = "".join(
    f'<message id="M_{name}" name="{name}"/>' for name in ("request", "answer", "unknown")
)


def throws(id: str, name: str, *variables: str, **extra: str) -> str:
    parameters = "".join(
        f'<camunda:inputParameter name="{v}">${{{v}}}</camunda:inputParameter>' for v in variables
    )
    inputs = f"<camunda:inputOutput>{parameters}</camunda:inputOutput>"
    extension = properties(**extra).replace("</extensionElements>", f"{inputs}</extensionElements>")
    return element(
        "intermediateThrowEvent", id, extension, f'<messageEventDefinition messageRef="M_{name}"/>'
    )


def catches(tag: str, id: str, name: str) -> str:
    return element(tag, id, f'<messageEventDefinition messageRef="M_{name}"/>')


def collaboration(court: str, police: str) -> bytes:
    pools = (
        '<collaboration id="c"><participant id="pc" name="法院" processRef="p"/>'
        '<participant id="pp" name="公安" processRef="p__police"/>'
        '<messageFlow id="f1" sourceRef="send" targetRef="start"/>'
        '<messageFlow id="f2" sourceRef="reply" targetRef="answered"/></collaboration>'
    )

    def side(id: str, agency: str, inside: str) -> str:
        head = f'<process id="{id}" name="{id}" isExecutable="true" '
        head += 'camunda:candidateStarterGroups="court_handler">'
        return f"{head}{properties(agency=agency, request_type='PER')}{inside}</process>"

    both = side("p", "court", court) + side("p__police", "police", police)
    return f"{HEAD}{MESSAGES}{pools}{both}</definitions>".encode()


COURT_SIDE = (
    element("startEvent", "s")
    + element("scriptTask", "n", "<script>7</script>", scriptFormat="feel",
              camunda_resultVariable="n")
    + element("scriptTask", "secret", '<script>"x"</script>', scriptFormat="feel",
              camunda_resultVariable="secret")
    + throws("send", "request", "n")
    + catches("intermediateCatchEvent", "answered", "answer")
    + user("read")
    + flows("s -> n -> secret -> send -> answered -> read")
)  # fmt: skip
POLICE_SIDE = (
    catches("startEvent", "start", "request")
    + user("work", "police_legal")
    + throws("reply", "answer")
    + flows("start -> work -> reply")
)


def sides(house: House) -> dict[str, ProcessInstance]:
    return {row.agency_id: row for row in house.rows(select(ProcessInstance))}


def test_a_request_starts_the_other_side_and_its_answer_comes_back(house: House) -> None:
    house.run(collaboration(COURT_SIDE, POLICE_SIDE))
    house.tick()
    both = sides(house)
    assert both[COURT].business_key == both[BUREAU].business_key
    assert both[COURT].business_key.startswith("豫1321-PER-2026-")
    assert house.open() == ["work"]
    house.complete("work", by="legal")
    house.tick()
    assert house.open() == ["read"]
    assert sides(house)[BUREAU].state == "completed"


def test_only_mapped_variables_travel(house: House) -> None:
    house.run(collaboration(COURT_SIDE, POLICE_SIDE))
    house.tick()
    assert house.variables(sides(house)[BUREAU].id) == {"n": 7}


def test_every_delivered_envelope_has_a_receipt_and_says_who_caught_it(house: House) -> None:
    house.run(collaboration(COURT_SIDE, POLICE_SIDE))
    house.tick()
    (envelope,) = house.rows(select(Envelope))
    assert (envelope.state, envelope.to_process) == ("correlated", "p__police")
    assert envelope.receipt_no == f"{BUREAU}-HZ-2026-000001"
    assert envelope.instance_id == sides(house)[BUREAU].id


def test_an_envelope_for_a_procedure_that_does_not_exist_waits(house: House) -> None:
    court = (
        element("startEvent", "s")
        + throws("send", "unknown")
        + user("read")
        + flows("s -> send -> read")
    )
    house.run(collaboration(court, POLICE_SIDE))
    house.tick()
    (envelope,) = house.rows(select(Envelope))
    assert (envelope.state, envelope.to_agency) == ("waiting", BUREAU)


def test_several_that_wait_for_one_message_are_an_incident_not_a_guess(house: House) -> None:
    from engine import receive_message

    twice = (
        element("startEvent", "s")
        + element("parallelGateway", "g")
        + catches("intermediateCatchEvent", "answered", "answer")
        + catches("intermediateCatchEvent", "also", "answer")
        + throws("send", "unknown")
        + flows("s -> g -> answered", "g -> also", "g -> send")
    )
    instance = house.run(collaboration(twice, POLICE_SIDE))
    key = house.instance(instance).business_key
    receive_message(house.engine, "system", "answer", key, COURT, from_agency=BUREAU)
    house.tick()
    (incident,) = house.rows(select(Incident))
    assert incident.code == "message.several_subscribers"
    states = house.rows(select(Envelope.state).where(Envelope.name == "answer"))
    assert states == ["ambiguous"]


def test_the_same_message_id_is_stored_once(house: House) -> None:
    from engine import receive_message

    house.run(collaboration(COURT_SIDE, POLICE_SIDE))
    for _ in range(3):
        receive_message(
            house.engine, "system", "answer", "k", COURT, from_agency=BUREAU, message_id="m-1"
        )
    ids = house.rows(select(Envelope.id).where(Envelope.name == "answer"))
    assert ids == ["m-1"]


def test_an_agency_never_sees_the_task_of_the_other(house: House) -> None:
    import pytest

    from engine import claim_user_task
    from engine.errors import NotFound

    house.run(collaboration(COURT_SIDE, POLICE_SIDE))
    house.tick()
    (task,) = house.tasks()
    with pytest.raises(NotFound):
        claim_user_task(house.engine, "handler", task.id)


def test_the_counterpart_is_the_addressee_where_the_request_names_no_other(house: House) -> None:
    with house.engine.database.write() as session:
        session.add(Agency(id="公411381", kind="police", name="邻县公安局", profile="nanzhao_2021"))
    house.run(collaboration(COURT_SIDE, POLICE_SIDE))
    house.tick()
    assert set(sides(house)) == {COURT, BUREAU}
