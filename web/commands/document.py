"""`liandong document`: are the kept documents what they were when they were made?"""

from __future__ import annotations

import sys
from collections.abc import Sequence

import click
from sqlalchemy import select

from engine.documents.verifying import Verified, verify_document
from engine.engine import Engine
from engine.errors import LiandongError
from engine.store.models import Document
from web.commands.deadlines import LANGUAGE
from web.commands.serve import require_usable
from web.documents import words
from web.messages import error_sentence, sentence


@click.group("document", short_help="文书 / documents")
def document() -> None:
    """核对保存的文书。

    Check the documents that are kept.
    """


@document.command("verify")
@click.argument("ids", nargs=-1)
@click.option("--issued", is_flag=True, help="全部已签发的文书 / every issued document.")
@LANGUAGE
def verify(ids: tuple[str, ...], issued: bool, lang: str) -> None:
    """按保存的文字重新生成文书，与记录的摘要逐字节比较。

    Make documents again from their stored words and compare the digests. Exit code 0: every file
    is the one on record; 1: one is not; 2: it could not be read.
    """
    engine = _engine()
    wanted = [*ids, *(_issued(engine) if issued else ())]
    try:
        found = [verify_document(engine, "system", id) for id in wanted]
    except LiandongError as error:
        click.echo(error_sentence(error, lang), err=True)
        sys.exit(2)
    _tell(found, lang)
    sys.exit(0 if all(one.kept for one in found) else 1)


def _tell(found: Sequence[Verified], lang: str) -> None:
    for one in found:
        click.echo(words.verified(one, lang))
    sound = sum(one.sound for one in found)
    click.echo(sentence("document.verified.count", {"all": len(found), "sound": sound}, lang))


def _issued(engine: Engine) -> list[str]:
    query = select(Document.id).where(Document.state == "issued").order_by(Document.made_at)
    with engine.database.read() as session:
        return list(session.scalars(query))


def _engine() -> Engine:
    installation = click.get_current_context().obj
    require_usable(installation)
    engine: Engine = installation.engine()
    return engine
