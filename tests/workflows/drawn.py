"""A diagram as it is drawn: the model with the place of every shape, edge and label."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from pathlib import Path

from engine.bpmn.model import Diagram, Flow, Node, Process
from engine.bpmn.reading import read_diagram
from engine.xml import parse_xml

WORKFLOWS = Path(__file__).parents[2] / "workflows"
FILES = sorted(WORKFLOWS.glob("*/*.bpmn"))
NAMESPACES = {
    "di": "http://www.omg.org/spec/DD/20100524/DI",
    "dc": "http://www.omg.org/spec/DD/20100524/DC",
    "bpmndi": "http://www.omg.org/spec/BPMN/20100524/DI",
    "bpmn": "http://www.omg.org/spec/BPMN/20100524/MODEL",
}

Point = tuple[float, float]
Segment = tuple[Point, Point]


@dataclass(frozen=True)
class Box:
    """A rectangle in the plane of the diagram; y grows downwards."""

    left: float
    top: float
    right: float
    bottom: float

    def overlaps(self, other: "Box") -> bool:
        """Whether the two share more than a border."""
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )

    def holds(self, other: "Box") -> bool:
        """Whether the other lies inside."""
        return (
            self.left <= other.left
            and other.right <= self.right
            and self.top <= other.top
            and other.bottom <= self.bottom
        )

    def holds_point(self, x: float, y: float) -> bool:
        return self.left <= x <= self.right and self.top <= y <= self.bottom

    def cut_by(self, segment: Segment) -> bool:
        """Whether an upright or level line runs through the inside."""
        (x1, y1), (x2, y2) = segment
        return (
            max(min(x1, x2), self.left) < min(max(x1, x2), self.right)
            and self.top < y1 < self.bottom
            if y1 == y2
            else max(min(y1, y2), self.top) < min(max(y1, y2), self.bottom)
            and self.left < x1 < self.right
        )


@dataclass
class Drawing:
    """One `.bpmn` file: what it says and where it says it."""

    path: Path
    diagram: Diagram
    shapes: dict[str, Box] = field(default_factory=dict)
    labels: dict[str, Box] = field(default_factory=dict)
    edges: dict[str, list[Point]] = field(default_factory=dict)
    lanes: dict[str, str] = field(default_factory=dict)
    """Lane id → name."""

    @cached_property
    def nodes(self) -> dict[str, Node]:
        """Every flow node of every pool."""
        return {n.id: n for p in self.diagram.processes.values() for n in p.nodes.values()}

    @cached_property
    def flows(self) -> dict[str, Flow]:
        """Every sequence flow of every pool."""
        return {f.id: f for p in self.diagram.processes.values() for f in p.flows.values()}

    @cached_property
    def processes(self) -> list[Process]:
        return list(self.diagram.processes.values())

    def around(self, node_id: str) -> set[str]:
        """The sub-processes that the node stands in."""
        found, container = set(), self.nodes[node_id].container
        while container in self.nodes:
            found.add(container)
            container = self.nodes[container].container
        return found

    def segments(self, edge: str) -> Iterator[Segment]:
        return pairwise(self.edges[edge])


def draw(path: Path) -> Drawing:
    """Read model and diagram interchange of one file."""
    source = path.read_bytes()
    drawing = Drawing(path, read_diagram(source, path.name))
    root = parse_xml(source, path.name)
    for lane in root.iterfind(".//bpmn:lane", NAMESPACES):
        drawing.lanes[lane.get("id")] = lane.get("name")
    for shape in root.iterfind(".//bpmndi:BPMNShape", NAMESPACES):
        drawing.shapes[shape.get("bpmnElement")] = _box(shape.find("dc:Bounds", NAMESPACES))
        _label(drawing, shape)
    for edge in root.iterfind(".//bpmndi:BPMNEdge", NAMESPACES):
        points = edge.iterfind("di:waypoint", NAMESPACES)
        drawing.edges[edge.get("bpmnElement")] = [
            (float(p.get("x")), float(p.get("y"))) for p in points
        ]
        _label(drawing, edge)
    return drawing


def _label(drawing: Drawing, owner) -> None:
    bounds = owner.find("bpmndi:BPMNLabel/dc:Bounds", NAMESPACES)
    if bounds is not None:
        drawing.labels[owner.get("bpmnElement")] = _box(bounds)


def _box(bounds) -> Box:
    x, y, width, height = (float(bounds.get(k)) for k in ("x", "y", "width", "height"))
    return Box(x, y, x + width, y + height)
