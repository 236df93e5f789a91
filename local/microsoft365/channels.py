"""Teams channels: the cards that came through each department's Workflows webhook."""

from __future__ import annotations

import hashlib
import json
from collections import deque
from datetime import datetime
from sqlite3 import Row
from typing import Any

from local.microsoft365.database import Database


class Channels:
    def __init__(self, database: Database) -> None:
        self._database = database
        self._posts: dict[str, deque[datetime]] = {}

    def signature(self, department: str) -> str:
        """The secret in the webhook's address; the same after every start."""
        return hashlib.sha256(f"podatelna local workflow of {department}".encode()).hexdigest()[:43]

    def webhook(self, origin: str, department: str) -> str:
        """The address in the form Power Automate hands out."""
        query = f"api-version=1&sp=%2Ftriggers%2Fmanual%2Frun&sv=1.0&sig={self.signature(department)}"
        return f"{origin}/workflows/{department}/triggers/manual/paths/invoke?{query}"

    def wait_for_turn(self, department: str, posts: int, seconds: float) -> int | None:
        """Counts a post; the whole seconds to wait when there were `posts` within the last `seconds` already."""
        now = self._database.clock()
        recent = self._posts.setdefault(department, deque())
        while recent and (now - recent[0]).total_seconds() >= seconds:
            recent.popleft()
        if len(recent) >= posts:
            return max(1, int(seconds - (now - recent[0]).total_seconds()) + 1)
        recent.append(now)
        return None

    def keep(self, department: str, envelope: dict[str, Any]) -> None:
        self._database.write(
            "INSERT INTO cards (department, received, envelope) VALUES (?, ?, ?)",
            department,
            self._database.now(),
            json.dumps(envelope, ensure_ascii=False),
        )

    def cards(self, department: str | None = None) -> list[Row]:
        """Newest first."""
        if department is None:
            return self._database.all("SELECT * FROM cards ORDER BY id DESC")
        return self._database.all("SELECT * FROM cards WHERE department = ? ORDER BY id DESC", department)
