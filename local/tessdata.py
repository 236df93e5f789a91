"""Where Tesseract's Slovak data is on this machine."""

from __future__ import annotations

import os
from pathlib import Path

from shared.errors import ConfigurationError

PLACES = (
    "/usr/share/tesseract-ocr/5/tessdata",
    "/usr/share/tesseract-ocr/4.00/tessdata",
    "/usr/share/tessdata",
    "/usr/local/share/tessdata",
    "/opt/homebrew/share/tessdata",
)


def find_tessdata() -> Path:
    """The folder with slk.traineddata: $TESSDATA, then the usual places; raises ConfigurationError."""
    asked = os.environ.get("TESSDATA") or os.environ.get("TESSDATA_PREFIX")
    for place in ([asked] if asked else []) + list(PLACES):
        if (Path(place) / "slk.traineddata").exists():
            return Path(place)
    raise ConfigurationError(
        ["slk.traineddata (Slovak data of Tesseract) is missing; install it: apt-get install tesseract-ocr-slk"]
    )
