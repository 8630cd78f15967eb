"""The diagrams of workflows/ can be read: nothing lies on anything else, everything has a name."""

import re
from itertools import combinations

import pytest
import yaml

from tests.workflows.drawn import FILES, WORKFLOWS, Drawing, Segment, draw

CHINESE = re.compile(r"[\u4e00-\u9fff]")
ROLES = yaml.safe_load((WORKFLOWS / "norms" / "roles.yaml").read_text("utf-8"))
BRANCHING = ("exclusiveGateway", "inclusiveGateway")
UNNAMED = (
    "parallelGateway", "inclusiveGateway", "exclusiveGateway", "eventBasedGateway"
)  # fmt: skip


@pytest.fixture(scope="module", params=FILES, ids=lambda path: path.stem)
def drawing(request) -> Drawing:
    return draw(request.param)


def test_the_folder_is_named_as_the_process_of_its_initiator(drawing):
    folder = drawing.path.parent.name
    assert drawing.path.stem == folder
    assert folder in drawing.diagram.processes
    others = [p.id for p in drawing.processes if p.id != folder]
    assert all(other.startswith(f"{folder}__") for other in others)


def test_every_element_is_drawn(drawing):
    participants = set(drawing.diagram.participants)
    assert set(drawing.nodes) | set(drawing.lanes) | participants <= set(drawing.shapes)
    messages = {flow.id for flow in drawing.diagram.message_flows}
    assert set(drawing.flows) | messages <= set(drawing.edges)


def test_no_two_shapes_lie_on_each_other(drawing):
    def apart(a: str, b: str) -> bool:
        if a in drawing.around(b) or b in drawing.around(a):
            return drawing.shapes[a].holds(drawing.shapes[b]) or drawing.shapes[b].holds(
                drawing.shapes[a]
            )
        hosts = (drawing.nodes[n].attributes.get("attachedToRef") for n in (a, b))
        return a in hosts or b in hosts or not drawing.shapes[a].overlaps(drawing.shapes[b])

    def inner_border(a: str, b: str) -> bool:
        """A border event reaches out of the sub-process it is attached to."""
        return "boundaryEvent" in (drawing.nodes[a].kind, drawing.nodes[b].kind) and (
            a in drawing.around(b) or b in drawing.around(a)
        )

    pairs = combinations(drawing.nodes, 2)
    assert [pair for pair in pairs if not inner_border(*pair) and not apart(*pair)] == []


def test_no_line_runs_through_a_shape_it_does_not_belong_to(drawing):
    assert list(_through(drawing)) == []


def _through(drawing):
    for edge, ends in _ends(drawing):
        inside = set().union(*(drawing.around(end) for end in ends if end in drawing.nodes))
        hosts = {
            drawing.nodes[e].attributes.get("attachedToRef") for e in ends if e in drawing.nodes
        }
        for node in drawing.nodes:
            if node in ends or node in inside or node in hosts:
                continue
            if any(drawing.shapes[node].cut_by(part) for part in drawing.segments(edge)):
                yield edge, node


def _ends(drawing):
    for flow in (*drawing.flows.values(), *drawing.diagram.message_flows):
        yield flow.id, (flow.source, flow.target)


def test_no_two_sequence_flows_cross(drawing):
    crossing = [
        (one.id, other.id)
        for one, other in combinations(drawing.flows.values(), 2)
        if any(_cross(a, b) for a in drawing.segments(one.id) for b in drawing.segments(other.id))
    ]
    assert crossing == []


def _cross(one: Segment, other: Segment) -> bool:
    """A level and an upright line that meet inside both."""
    level, upright = (one, other) if one[0][1] == one[1][1] else (other, one)
    if level[0][1] != level[1][1] or upright[0][0] != upright[1][0]:
        return False
    (left, right), (top, bottom) = (
        sorted(x for x, _ in level),
        sorted(y for _, y in upright),
    )
    return left < upright[0][0] < right and top < level[0][1] < bottom


def test_lines_are_level_or_upright(drawing):
    slanting = [
        edge
        for edge, _ in _ends(drawing)
        for (x1, y1), (x2, y2) in drawing.segments(edge)
        if x1 != x2 and y1 != y2
    ]
    assert slanting == []


def test_labels_cover_no_shape_and_no_other_label(drawing):
    small = [n.id for n in drawing.nodes.values() if n.kind != "subProcess"]
    on_shapes = [
        (label, node)
        for label, box in drawing.labels.items()
        for node in small
        if node != label and _shrunk(box).overlaps(drawing.shapes[node])
    ]
    on_labels = [
        (a, b)
        for (a, one), (b, other) in combinations(drawing.labels.items(), 2)
        if _shrunk(one).overlaps(_shrunk(other))
    ]
    assert (on_shapes, on_labels) == ([], [])


def _shrunk(box):
    """Letters do not fill their box to the border."""
    return type(box)(box.left + 2, box.top + 2, box.right - 2, box.bottom - 2)


def test_names_are_chinese(drawing):
    for node in drawing.nodes.values():
        if node.name or node.kind not in UNNAMED:
            assert CHINESE.search(node.name), node.id
    for flow in (*drawing.flows.values(), *drawing.diagram.message_flows):
        assert not flow.name or CHINESE.search(flow.name), flow.id
    assert all(CHINESE.search(name) for name in drawing.lanes.values())
    assert all(CHINESE.search(process.name) for process in drawing.processes)


def test_branching_gateways_ask_and_their_flows_answer(drawing):
    for node in drawing.nodes.values():
        if node.kind in BRANCHING and len(node.outgoing) > 1:
            assert node.name.endswith("？"), node.id
            assert all(drawing.flows[flow].name for flow in node.outgoing), node.id


def test_tasks_stand_in_the_lane_of_their_role(drawing):
    for node in drawing.nodes.values():
        if node.kind != "userTask" or "assignee" in node.camunda:
            continue  # a task of one person: his lane names no role
        asked = set(re.findall(r"\w+", node.camunda["candidateGroups"])) & set(ROLES)
        box = drawing.shapes[node.id]
        x, y = (box.left + box.right) / 2, (box.top + box.bottom) / 2
        lanes = [
            name for lane, name in drawing.lanes.items() if drawing.shapes[lane].holds_point(x, y)
        ]
        assert lanes == [node.lane], node.id
        assert set(node.lane.split("或")) == {ROLES[role] for role in asked}, node.id


def test_the_main_path_begins_at_the_left(drawing):
    for process in drawing.processes:
        for start in process.starts(process.id):
            left = drawing.shapes[start.id].left
            tops = [n.id for n in process.within(process.id) if n.kind != "boundaryEvent"]
            assert all(drawing.shapes[other].right > left for other in tops)


def test_ids_say_what_they_are(drawing):
    written = [*drawing.nodes, *drawing.lanes, *drawing.diagram.processes]
    assert [name for name in written if not re.fullmatch(r"[a-z][a-z0-9_]*", name)] == []
