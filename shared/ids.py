"""Ids that a person can read aloud and that a repeat computes again: `20261122-7F3K9QM2` and `20261122-7F3K9QM2-1`.

Auxiliary only: the official registry number comes from the city's registry (vyhláška 410/2015 Z. z. § 7).
"""

from __future__ import annotations

import hashlib
from datetime import datetime
from zoneinfo import ZoneInfo

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32: no I, L, O, U to misread
LENGTH = 8


def source_id(name: str, etag: str, received_at: datetime, time_zone: str) -> str:
    """The id of one version of one scanned file; the day is the local one of its arrival.

    The storage quotes the ETag in a blob's own properties and not in a listing.
    """
    version = etag.strip('"')
    digest = int.from_bytes(hashlib.sha256(f"{name}\n{version}".encode()).digest()[:5], "big")
    code = "".join(ALPHABET[digest >> shift & 31] for shift in range(5 * LENGTH - 5, -1, -5))
    return f"{received_at.astimezone(ZoneInfo(time_zone)):%Y%m%d}-{code}"


def document_id(source: str, number: int) -> str:
    """The id of the n-th document (from 1) found in a scanned file."""
    return f"{source}-{number}"


def is_source(identity: str) -> bool:
    """Whether an id names a scanned file and not one of its documents."""
    return identity.count("-") == 1
