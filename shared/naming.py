"""What a document is called in a library, and the folder it lies in.

SharePoint's rules: support.microsoft.com "Restrictions and limitations in OneDrive and SharePoint" (characters
" * : < > ? / \\ | and reserved names; no blank or dot at the end; the whole path 400 characters).
"""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime
from zoneinfo import ZoneInfo

FORBIDDEN = re.compile(r'["*:<>?/\\|#%~&{}\x00-\x1f\x7f]+')
# The path limit of 400 holds site, library and folder too; 120 leaves room and is still readable in a list.
LONGEST = 120


def document_name(title: str | None, received: datetime, document_id: str, time_zone: str) -> str:
    """For example `2026-11-20 Žiadosť o stavebné povolenie 20261120-7KQ2M9XA-1.pdf`.

    The id makes the name unique in the city, so a repeated upload replaces the same document and never another.
    """
    day = received.astimezone(ZoneInfo(time_zone)).date().isoformat()
    ending = f" {document_id}.pdf"
    speaking = plain_name(title or "Nezaradený dokument")[: LONGEST - len(day) - len(ending) - 1].rstrip(" .")
    return f"{day} {speaking}{ending}"


def month_folder(received: datetime, time_zone: str) -> str:
    """The folder of the local month of receipt, for example `2026-11`."""
    return f"{received.astimezone(ZoneInfo(time_zone)):%Y-%m}"


def plain_name(text: str) -> str:
    """Only what SharePoint takes in a name; composed letters, since ď as d + ˇ would be another name."""
    text = FORBIDDEN.sub(" ", unicodedata.normalize("NFC", text))
    return " ".join(text.replace("_vti_", " ").split()).strip(" .")
