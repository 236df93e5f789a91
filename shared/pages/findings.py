"""What crosses the border between the functions and the page worker."""

from __future__ import annotations

from pydantic import Field

from shared.model import Value


class Limits(Value):
    """What a scanned file may ask of us; the values come from the settings."""

    max_file_bytes: int
    max_pages: int
    max_page_pixels: int
    passwords: list[str] = Field(default_factory=list)


class Prepared(Value):
    """A file turned into a plain PDF with one page a scanned page; the unreadable ones stand in it as empty pages."""

    format: str
    pages: int
    bad: dict[int, str] = Field(default_factory=dict)
    doubts: list[str] = Field(default_factory=list)


class Finding(Value):
    """What one page holds. `codes` are bar codes that look like a document's own number."""

    page: int
    separator: bool = False
    department: str | None = None
    rests_on: str = ""
    codes: list[str] = Field(default_factory=list)
    unread_code: bool = False
    blank: bool = False
    bad: str = ""
