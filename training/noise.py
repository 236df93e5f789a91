"""What scanning and people do to a text: misread letters, lost diacritics, broken and joined words, stray specks."""

from __future__ import annotations

import unicodedata
from random import Random

CONFUSIONS = {
    "m": "rn", "l": "1I|i", "i": "l1í", "í": "ií1", "o": "0ó", "e": "cé", "c": "eo", "č": "cé", "š": "s$", "ž": "zZ",
    "ť": "tľ", "ľ": "lľt", "ď": "dď", "ň": "n", "á": "aä", "ä": "a", "é": "e6", "ú": "uü", "ý": "yv", "ô": "oó",
    "a": "oe", "u": "vn", "n": "ru", "h": "b", "b": "h6", "s": "5", "z": "2", "t": "f", "f": "t", "d": "cl", "v": "y",
    "k": "lc", "p": "n", "g": "9",
}  # fmt: skip
SPECKS = (".", ",", "'", "|", "-", "~", "_", "•", "»", ";")
RATES = (0.0, 0.0, 0.005, 0.01, 0.02, 0.05, 0.1)


def without_diacritics(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))


def scanned(text: str, random: Random, rate: float) -> str:
    """The text as an engine might read it off a bad scan; `rate` is the share of letters that suffer."""
    letters = []
    for char in text:
        luck = random.random()
        if luck >= rate:
            letters.append(char)
        elif luck < 0.12 * rate:
            letters.append("")
        elif luck < 0.2 * rate:
            letters.append(char + random.choice((" ", "\n", *SPECKS)))
        elif luck < 0.26 * rate and char == " ":
            letters.append("")
        else:
            other = random.choice(CONFUSIONS.get(char.lower(), char) or char)
            letters.append(other.upper() if char.isupper() else other)
    return "".join(letters)


def worn(text: str, random: Random) -> str:
    """The text as it may come: sometimes clean, sometimes typed without diacritics, sometimes badly read."""
    luck = random.random()
    if luck < 0.12:
        text = without_diacritics(text)
    elif luck < 0.16:
        text = text.lower()
    text = scanned(text, random, random.choice(RATES))
    if random.random() < 0.25:
        words = text.split(" ")
        start = random.randrange(max(1, len(words) // 3))
        text = " ".join(words[start:])
    return text
