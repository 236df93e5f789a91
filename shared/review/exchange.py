"""What the desk is asked and what it answers, free of the Functions library; and its addresses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class View(StrEnum):
    """One address of the desk; functions/review.py makes one function of each."""

    WAITING = "waiting"
    FAILED = "failed"
    SCANS = "scans"
    DECIDED = "decided"
    DOCUMENT = "document"
    ACT = "act"
    PDF = "pdf"
    SCAN = "scan"
    SCAN_FILE = "scan_file"
    SCAN_PAGE = "scan_page"
    ASSET = "asset"


# Method and route below /api; shared/links.py names the same addresses to cards. A deed goes to the document's own
# address, so that a person whose sign-in ran out lands on the document again.
ADDRESSES: Mapping[View, tuple[str, str]] = {
    View.WAITING: ("GET", "desk"),
    View.FAILED: ("GET", "desk/nepodarilo-sa"),
    View.SCANS: ("GET", "desk/skeny"),
    View.DECIDED: ("GET", "desk/rozhodnute"),
    View.DOCUMENT: ("GET", "desk/dokument/{id}"),
    View.ACT: ("POST", "desk/dokument/{id}"),
    View.PDF: ("GET", "desk/dokument/{id}/pdf"),
    View.SCAN: ("GET", "desk/sken/{id}"),
    View.SCAN_FILE: ("GET", "desk/sken/{id}/subor"),
    View.SCAN_PAGE: ("GET", "desk/sken/{id}/strana/{page}"),
    View.ASSET: ("GET", "desk/vzhlad/{name}"),
}


@dataclass(frozen=True)
class Ask:
    """A request. `who` is the signed-in person, empty when nobody is."""

    who: str = ""
    route: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    form: Mapping[str, str] = field(default_factory=dict)
    origin: str = ""
    fetch_site: str = ""


@dataclass(frozen=True)
class Reply:
    body: bytes
    status: int = 200
    mimetype: str = "text/html"
    headers: Mapping[str, str] = field(default_factory=dict)
