"""`python -m engine.store.migrations "Say what changes"`: draft a revision from the models."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from engine.store.database import Database
from engine.store.migrations import draft, upgrade

with tempfile.TemporaryDirectory() as folder:
    database = Database(f"sqlite:///{Path(folder) / 'draft.db'}")
    upgrade(database)
    draft(database, sys.argv[1])
    database.close()
