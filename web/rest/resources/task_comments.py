"""Comments on user tasks."""

from __future__ import annotations

from typing import Any

from engine.queries.rest.accounts import name_of
from engine.task_comments import LONGEST, Comment, add_comment, read_comments
from web.rest.members import Body, Text
from web.rest.operations import Call, Resource
from web.rest.shapes import Shape, instant, nothing, text

resource = Resource("Task Comment")
COMMENT = Shape(
    "Comment",
    {
        "id": text("id"),
        "userId": text("author"),
        "taskId": text("task_id"),
        "time": instant("at"),
        "message": text("message"),
        "rootProcessInstanceId": text("instance_id"),
        "processInstanceId": text("instance_id"),
        **nothing("removalTime"),
    },
)
NEW = Body(
    "NewComment",
    {"message": Text(required=True, longest=LONGEST), "processInstanceId": Text()},
    ignored=frozenset(("id", "userId", "time", "taskId")),
)
_READ = "reading is recorded; the author is an account's name"


def _shown(call: Call, comment: Comment) -> dict[str, Any]:
    return COMMENT.of(comment) | {"userId": name_of(call.engine, comment.author)}


@resource.get("/task/<id>/comment", answer=COMMENT, many=True, differs=_READ)
def comments(call: Call, id: str) -> Any:
    """Comments of a task, the newest first."""
    return [_shown(call, one) for one in call.do(read_comments, id)]


@resource.get("/task/<id>/comment/<commentId>", answer=COMMENT, differs=_READ)
def comment(call: Call, id: str, commentId: str) -> Any:
    """One comment."""
    return _shown(call, call.do(read_comments, id, commentId)[0])


@resource.post("/task/<id>/comment/create", body=NEW, answer=COMMENT, once=True)
def create(call: Call, id: str) -> Any:
    """Comment on a task."""
    made = call.do(add_comment, id, call.body["message"], once=True)
    return comment(call, id, made)
