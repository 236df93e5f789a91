"""Where the stand-in keeps its state: SQLite for what Graph tells about things, a folder for the bytes of files."""

from __future__ import annotations

import sqlite3
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

Clock = Callable[[], datetime]

SCHEMA = """
CREATE TABLE IF NOT EXISTS sites (id TEXT PRIMARY KEY, host TEXT, path TEXT UNIQUE, name TEXT, created TEXT);
CREATE TABLE IF NOT EXISTS drives (
  id TEXT PRIMARY KEY, site TEXT, list TEXT UNIQUE, name TEXT, created TEXT, UNIQUE (site, name));
CREATE TABLE IF NOT EXISTS columns (
  id TEXT PRIMARY KEY, list TEXT, name TEXT COLLATE NOCASE, definition TEXT, UNIQUE (list, name));
CREATE TABLE IF NOT EXISTS items (
  id TEXT PRIMARY KEY, drive TEXT, parent TEXT, name TEXT, name_key TEXT, folder INTEGER,
  size INTEGER DEFAULT 0, sha256 TEXT, mime TEXT, created TEXT, modified TEXT, version INTEGER DEFAULT 1,
  number INTEGER, fields TEXT DEFAULT '{}',
  UNIQUE (drive, parent, name_key));
CREATE INDEX IF NOT EXISTS items_number ON items (drive, number);
CREATE TABLE IF NOT EXISTS sessions (id TEXT PRIMARY KEY, target TEXT, total INTEGER, received INTEGER, expires TEXT);
CREATE TABLE IF NOT EXISTS copies (id TEXT PRIMARY KEY, polls INTEGER, outcome TEXT);
CREATE TABLE IF NOT EXISTS messages (
  id TEXT PRIMARY KEY, mailbox TEXT COLLATE NOCASE, message TEXT, created TEXT, sent TEXT);
CREATE TABLE IF NOT EXISTS cards (
  id INTEGER PRIMARY KEY AUTOINCREMENT, department TEXT, received TEXT, envelope TEXT);
CREATE TABLE IF NOT EXISTS changes (one INTEGER PRIMARY KEY CHECK (one = 1), count INTEGER);
INSERT OR IGNORE INTO changes VALUES (1, 0);
"""
STATE_TABLES = ("items", "sessions", "copies", "messages", "cards")


def utc_now() -> datetime:
    return datetime.now(UTC)


class Database:
    """One connection, used from one event loop: what happens between two awaits is atomic."""

    def __init__(self, directory: Path, clock: Clock = utc_now) -> None:
        self.files = directory / "files"
        self.files.mkdir(parents=True, exist_ok=True)
        self.clock = clock
        self._connection = sqlite3.connect(directory / "state.sqlite3", isolation_level=None)
        self._connection.row_factory = sqlite3.Row
        # A killed process loses nothing this way; only a power cut could, and this is no machine of record.
        self._connection.execute("PRAGMA journal_mode=WAL")
        self._connection.execute("PRAGMA synchronous=OFF")
        self._connection.executescript(SCHEMA)

    def now(self) -> str:
        return stamp(self.clock())

    def all(self, query: str, *values: object) -> list[sqlite3.Row]:
        return self._connection.execute(query, values).fetchall()

    def one(self, query: str, *values: object) -> sqlite3.Row | None:
        row: sqlite3.Row | None = self._connection.execute(query, values).fetchone()
        return row

    def write(self, query: str, *values: object) -> None:
        self._connection.execute(query, values)
        self._connection.execute("UPDATE changes SET count = count + 1")

    def insert(self, table: str, **values: object) -> None:
        """Replaces a row of the same key."""
        marks = ", ".join("?" * len(values))
        self.write(f"INSERT OR REPLACE INTO {table} ({', '.join(values)}) VALUES ({marks})", *values.values())  # noqa: S608 - own names

    @property
    def changes(self) -> int:
        row = self.one("SELECT count FROM changes")
        return int(row["count"]) if row else 0

    def new_file(self) -> Path:
        """A place for bytes that are still coming in; `keep` or delete it."""
        return self.files / f"incoming-{uuid.uuid4().hex}"

    def keep(self, incoming: Path, name: str) -> None:
        incoming.replace(self.files / name)

    def clear(self) -> None:
        """Forget everything that was delivered; sites, libraries and columns stay."""
        for table in STATE_TABLES:
            self.write(f"DELETE FROM {table}")  # noqa: S608 - own names
        for file in self.files.iterdir():
            file.unlink(missing_ok=True)

    def close(self) -> None:
        self._connection.close()


def stamp(moment: datetime) -> str:
    """A time as Graph writes it."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
