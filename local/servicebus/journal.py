"""Where the semantics write down what must outlive the process; `MemoryJournal` keeps nothing."""

from __future__ import annotations

from typing import Protocol

from local.servicebus.messages import Entry


class Journal(Protocol):
    """Writes may be held back until `commit`; nothing is acknowledged to a client before that."""

    def save(self, queue: str, entry: Entry) -> None: ...
    def delete(self, queue: str, sequence_number: int) -> None: ...
    def load(self, queue: str) -> list[Entry]: ...
    def reserve(self, entity: str, sequence_number: int) -> None: ...
    def reserved(self, entity: str) -> int: ...
    def remember(self, entity: str, message_id: str, until: float) -> None: ...
    def forget(self, entity: str, message_id: str) -> None: ...
    def remembered(self, entity: str) -> list[tuple[str, float]]: ...
    def commit(self) -> None: ...
    def close(self) -> None: ...


class MemoryJournal:
    def save(self, queue: str, entry: Entry) -> None:
        pass

    def delete(self, queue: str, sequence_number: int) -> None:
        pass

    def load(self, queue: str) -> list[Entry]:
        return []

    def reserve(self, entity: str, sequence_number: int) -> None:
        pass

    def reserved(self, entity: str) -> int:
        return 0

    def remember(self, entity: str, message_id: str, until: float) -> None:
        pass

    def forget(self, entity: str, message_id: str) -> None:
        pass

    def remembered(self, entity: str) -> list[tuple[str, float]]:
        return []

    def commit(self) -> None:
        pass

    def close(self) -> None:
        pass
