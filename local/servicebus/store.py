"""The journal on disk: one SQLite file in the state folder.

WAL with synchronous=NORMAL survives the death of the process at any moment; only a power cut may lose the last
commits. Locks are not written down: after a restart every locked message is available again.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path

from local.servicebus import encoding
from local.servicebus.messages import Entry, State
from shared.errors import ConfigurationError

SCHEMA_VERSION = 1
SCHEMA = """
CREATE TABLE IF NOT EXISTS entries (
    queue TEXT, sequence_number INTEGER, state INTEGER, delivery_count INTEGER, enqueued_at REAL, expires_at REAL,
    scheduled_for REAL, enqueued_sequence_number INTEGER, message BLOB, PRIMARY KEY (queue, sequence_number)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS sequences (entity TEXT PRIMARY KEY, reserved INTEGER) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS history (
    entity TEXT, message_id TEXT, until REAL, PRIMARY KEY (entity, message_id)
) WITHOUT ROWID;
"""


class SqliteJournal:
    """Holds writes back until `commit`, so that one turn of the broker is one transaction.

    Raises ConfigurationError for a folder that cannot be used.
    """

    def __init__(self, folder: Path) -> None:
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._database = sqlite3.connect(folder / "servicebus.db", isolation_level=None, timeout=1.0)
            for pragma in ("locking_mode=EXCLUSIVE", "journal_mode=WAL", "synchronous=NORMAL"):
                self._database.execute(f"PRAGMA {pragma}")
            version = self._database.execute("PRAGMA user_version").fetchone()[0]
            if version not in (0, SCHEMA_VERSION):
                raise ConfigurationError([f"{folder}: written by another version of the broker; delete the folder"])
            self._database.executescript(f"{SCHEMA} PRAGMA user_version = {SCHEMA_VERSION};")
        except (OSError, sqlite3.Error) as error:
            problem = f"{folder}: cannot keep the state ({error}); stop the other broker, or give another folder"
            raise ConfigurationError([problem]) from error
        self._entries: dict[tuple[str, int], Entry | None] = {}
        self._sequences: dict[str, int] = {}
        self._history: dict[tuple[str, str], float | None] = {}

    def save(self, queue: str, entry: Entry) -> None:
        self._entries[queue, entry.sequence_number] = entry

    def delete(self, queue: str, sequence_number: int) -> None:
        self._entries[queue, sequence_number] = None

    def load(self, queue: str) -> list[Entry]:
        rows = self._database.execute(
            "SELECT sequence_number, message, enqueued_at, state, delivery_count, expires_at, scheduled_for,"
            " enqueued_sequence_number FROM entries WHERE queue = ? ORDER BY sequence_number",
            (queue,),
        )
        return [
            Entry(number, encoding.decode(message), enqueued_at, State(state), *rest)
            for number, message, enqueued_at, state, *rest in rows
        ]

    def reserve(self, entity: str, sequence_number: int) -> None:
        self._sequences[entity] = sequence_number

    def reserved(self, entity: str) -> int:
        row = self._database.execute("SELECT reserved FROM sequences WHERE entity = ?", (entity,)).fetchone()
        return row[0] if row else 0

    def remember(self, entity: str, message_id: str, until: float) -> None:
        self._history[entity, message_id] = until

    def forget(self, entity: str, message_id: str) -> None:
        self._history[entity, message_id] = None

    def remembered(self, entity: str) -> list[tuple[str, float]]:
        return self._database.execute("SELECT message_id, until FROM history WHERE entity = ?", (entity,)).fetchall()

    def commit(self) -> None:
        if not (self._entries or self._sequences or self._history):
            return
        with self._database as database:
            database.execute("BEGIN")
            database.executemany(
                "DELETE FROM entries WHERE queue = ? AND sequence_number = ?",
                [key for key, entry in self._entries.items() if entry is None],
            )
            database.executemany(
                "INSERT OR REPLACE INTO entries VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                [_row(queue, entry) for (queue, _), entry in self._entries.items() if entry is not None],
            )
            database.executemany("INSERT OR REPLACE INTO sequences VALUES (?, ?)", self._sequences.items())
            database.executemany(
                "DELETE FROM history WHERE entity = ? AND message_id = ?",
                [key for key, until in self._history.items() if until is None],
            )
            database.executemany(
                "INSERT OR REPLACE INTO history VALUES (?, ?, ?)",
                [(*key, until) for key, until in self._history.items() if until is not None],
            )
        self._entries.clear()
        self._sequences.clear()
        self._history.clear()

    def close(self) -> None:
        self.commit()
        self._database.close()


def _row(queue: str, entry: Entry) -> tuple[object, ...]:
    return (
        queue,
        entry.sequence_number,
        int(entry.state),
        entry.delivery_count,
        entry.enqueued_at,
        entry.expires_at,
        entry.scheduled_for,
        entry.enqueued_sequence_number,
        encoding.encode_stored(entry),
    )
