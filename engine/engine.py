"""The engine as one object: what a verb reaches through its unit of work. Composed by app.py."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from engine.definitions import Definitions
from engine.letters import Press
from engine.ports import FormPort
from engine.store.crypto import CryptoProvider
from engine.store.database import Database
from engine.timing.clock import Clock

if TYPE_CHECKING:
    from engine.statutes import Statutes
    from engine.topics import Topic


class Engine:
    """Database, clock, norms, forms, keys and topics of one installation."""

    def __init__(
        self,
        database: Database,
        *,
        clock: Clock,
        statutes: Statutes,
        forms: FormPort,
        crypto: CryptoProvider,
        topics: Mapping[str, Topic],
    ) -> None:
        self.database = database
        self.clock = clock
        self.statutes = statutes
        self.forms = forms
        self.crypto = crypto
        self.topics = dict(topics)
        self.definitions = Definitions()
        self.press = Press()
