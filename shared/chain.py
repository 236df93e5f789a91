"""The hash chain over a document's steps: a step or record changed, removed or slipped in by hand is noticed.

The hash of a step covers the hash before it, the step, and the record as it stood after it, each as the text that is
stored. There is no key: who rewrites a document's whole history, hashes and all, is not noticed by it; the journal's
exports are what such a history can be compared with.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256

GENESIS = "0" * 64


def digest(text: str) -> str:
    """SHA-256, hexadecimal."""
    return sha256(text.encode()).hexdigest()


def link(previous: str, step: str, record: str) -> str:
    """The hash of a step, given its JSON and the digest of the record's."""
    return digest(f"{previous}\n{record}\n{step}")


@dataclass(frozen=True)
class Ring:
    """One step as it is stored. `record` is the digest of the record after it."""

    number: int
    step: str
    record: str
    hash: str


@dataclass
class Chain:
    """All that is stored of one document; `record` is None when its own row is gone."""

    document_id: str
    record: str | None = None
    count: int = 0
    head: str = GENESIS
    rings: list[Ring] = field(default_factory=list)


@dataclass(frozen=True)
class Break:
    """What does not hold: in which document or source, at which step."""

    where: str
    step: int | None
    what: str


def find_breaks(chain: Chain) -> Iterator[Break]:
    """Nothing for a chain that holds."""
    previous, expected = GENESIS, 1
    for ring in chain.rings:
        if ring.number != expected:
            missing = (
                f"step {expected} is" if ring.number == expected + 1 else f"steps {expected} to {ring.number - 1} are"
            )
            yield Break(chain.document_id, expected, f"{missing} missing")
        elif link(previous, ring.step, ring.record) != ring.hash:
            yield Break(chain.document_id, ring.number, "was changed, or put in by hand")
        previous, expected = ring.hash, ring.number + 1
    last = chain.rings[-1] if chain.rings else None
    if chain.record is None:
        yield Break(chain.document_id, None, f"the document's row is missing, its {len(chain.rings)} steps are there")
    elif (chain.count, chain.head) != (expected - 1, previous):
        known = f"the document's row knows {chain.count} steps, {len(chain.rings)} are there or the last is another"
        yield Break(chain.document_id, chain.count, known)
    elif last is None or digest(chain.record) != last.record:
        yield Break(chain.document_id, None, "the document's row was changed by hand after its last step")


@dataclass(frozen=True)
class Sealed:
    """A scanned file's row with the digest that was stored with it, and the documents it names."""

    source_id: str
    text: str
    seal: str

    @property
    def whole(self) -> bool:
        return digest(self.text) == self.seal
