"""What every expression may ask of its instance: `own_agency`, `profile`, `request_no`.

`own_agency` carries a message between two procedures of one agency (lift_control to its target).
"""

from sqlalchemy import select

from engine.store.models import Envelope, ProcessInstance
from tests.engine.drawing import element, flows, process, properties, script, user
from tests.engine.house import COURT, House

MESSAGE = '<message id="M_order" name="order"/>'
EVENT = '<messageEventDefinition messageRef="M_order"/>'


def test_a_message_to_the_own_agency_stays_at_home(house: House) -> None:
    to_us = properties(message_to="own_agency")
    house.deploy(
        "q",
        process(
            "q",
            element("startEvent", "ordered", EVENT),
            user("obey"),
            flows("ordered -> obey"),
            around=MESSAGE,
        ),
    )
    house.run(
        process(
            "p",
            element("startEvent", "s"),
            element("intermediateThrowEvent", "send", to_us, EVENT),
            element("endEvent", "e"),
            flows("s -> send -> e"),
            around=MESSAGE,
        )
    )
    house.tick()
    (envelope,) = house.rows(select(Envelope))
    assert (envelope.to_agency, envelope.state) == (COURT, "correlated")
    ordered = select(ProcessInstance).where(ProcessInstance.process_key == "q")
    assert [row.agency_id for row in house.rows(ordered)] == [COURT]
    assert house.open() == ["obey"]


def test_an_expression_knows_the_number_profile_and_agency_of_its_request(house: House) -> None:
    instance = house.run(
        process(
            "p",
            element("startEvent", "s"),
            script("ask", "[request_no, profile, own_agency]", "known"),
            user("after"),
            flows("s -> ask -> after"),
        )
    )
    row = house.instance(instance)
    assert house.variables(instance)["known"] == [row.business_key, row.profile, COURT]
