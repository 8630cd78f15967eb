"""What is offered to be started: procedures on the list, parts of them on a running request."""

from __future__ import annotations

import pytest

from engine import deployments, instances
from engine.engine import Engine
from tests.engine.drawing import element, flows, process, properties, user
from tests.web.conftest import SignIn
from tests.web.night import Night


def drawn(key: str, **marks: str) -> bytes:
    inside = element("startEvent", "s") + user("work") + flows("s -> work")
    return process(key, inside, extra=properties(agency="court", **marks))


@pytest.fixture
def running(engine: Engine, night: Night) -> str:
    """A query under way; withdrawing it is a part of the same procedure."""
    files = {"q.bpmn": drawn("query", request_type="QRY"), "w.bpmn": drawn("query__withdraw")}
    deployments.deploy(engine, "system", "query", files)
    deployments.deploy(engine, "system", "other", {"o.bpmn": drawn("other__part")})
    return str(instances.start_process(engine, "handler", "query").instance_id)


def test_a_part_of_a_procedure_is_not_on_the_list(sign_in: SignIn, running: str) -> None:
    """Given that nothing can be withdrawn out of nothing, then only the procedure is listed."""
    page = sign_in("handler").get("/start").text
    assert 'href="/start/query"' in page
    assert "query__withdraw" not in page


def test_a_part_is_offered_on_the_request_it_belongs_to(sign_in: SignIn, running: str) -> None:
    page = sign_in("handler").get(f"/instances/{running}").text
    assert "/start/query__withdraw?request=" in page
    assert "other__part" not in page
    assert "/start/query?" not in page
