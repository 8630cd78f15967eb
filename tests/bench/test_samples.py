"""What the bench compares is the same work: ours, bare SpiffWorkflow's, and what it says it is."""

import re

import pytest

from engine.bpmn.yardstick import BareProcess
from tests.engine.house import House
from web.bench.diagrams import Sample, line_of, thirty_nodes, three_tasks

NODES = r"<(\w+(?:Event|Task|Gateway)|subProcess) id="


def people_asked_by_us(house: House, sample: Sample) -> int:
    house.deploy(sample.key, sample.diagram)
    house.start(sample.key)
    asked = 0
    while tasks := house.tasks():
        house.complete(tasks[0].element_id)
        asked += 1
    return asked


def people_asked_by_bare_spiffworkflow(sample: Sample) -> int:
    bare = BareProcess(sample.diagram, sample.key)
    saved = bare.start(sample.variables)
    asked = 0
    while not saved.ended:
        saved = bare.complete(saved)
        asked += 1
    return asked


def test_the_larger_sample_has_thirty_nodes() -> None:
    assert len(re.findall(NODES, thirty_nodes().diagram.decode())) == 30


@pytest.mark.parametrize(
    ("sample", "expected"), [(three_tasks(), 3), (thirty_nodes(), 10), (line_of(10), 10)]
)
def test_both_engines_ask_people_equally_often(house: House, sample: Sample, expected: int) -> None:
    assert people_asked_by_us(house, sample) == expected
    assert people_asked_by_bare_spiffworkflow(sample) == expected
