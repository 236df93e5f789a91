"""Finds the document that is probably another scan of the same paper.

A signature is laid down under a few of its hashes, so that a look-up needs no scan of the table: likely repeats share
three quarters of their hashes and more, hence surely one of the four. Words with digits come first, since they differ
from person to person; a hash that stands on every form (the number of an act) brings many candidates, of which only
the newest are compared.
"""

from __future__ import annotations

from shared.pages.fingerprint import Signature, is_likely_repeat
from shared.ports import Signatures

KEYS = 4


async def find_repeat(signature: Signature, document_id: str, source_id: str, signatures: Signatures) -> str | None:
    """The earliest document that is likely the same paper; never one of the same scanned file."""
    found = await signatures.find(keys_of(signature))
    alike = [
        other
        for other, text in found.items()
        if other != document_id
        and not other.startswith(f"{source_id}-")
        and is_likely_repeat(signature, Signature.model_validate_json(text))
    ]
    return min(alike, default=None)


def keys_of(signature: Signature) -> list[str]:
    """Where a signature is laid down: the least hashes of the words with digits, then of all words."""
    marked = [f"m{value:04x}" for value in signature.marked[:KEYS]]
    return (marked + [f"w{value:04x}" for value in signature.words[:KEYS]])[:KEYS]
