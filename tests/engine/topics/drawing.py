"""Service tasks with a topic, drawn with a few words."""

from xml.sax.saxutils import escape

from tests.engine.drawing import element


def topic(id: str, name: str, **inputs: str) -> str:
    """A service task; `inputs` are its input parameters."""
    parameters = "".join(
        f'<camunda:inputParameter name="{key}">{escape(value)}</camunda:inputParameter>'
        for key, value in inputs.items()
    )
    extension = (
        f"<extensionElements><camunda:inputOutput>{parameters}</camunda:inputOutput>"
        "</extensionElements>"
    )
    return element("serviceTask", id, extension, camunda_type="external", camunda_topic=name)
