"""Text as the classifier compares it: lower case, no diacritics, same length as written, so that spans stay true."""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

_WORD = re.compile(r"[^\W_]+")
_ENDING = re.compile(
    r"(?:iach|iami|eho|emu|ych|ymi|ich|imi|ami|ach|och|iam|mi|ou|ej|om|ov|am|im|ym|ia|ie|iu|ii|[aeiouy])$"
)
_STOPWORDS = """
a aj ako alebo ale az bez by co cez do ho ich ja je k ku kde ked ktora ktore ktory ma mi mne na nad najma nie o od po
pod podla pre pred pri proti s sa si so sme som ste su ta tak te ten to toho tu uz v vam vas vo voci vsetky z za zo ze
c cislo sr zb zz ods pism zakon zakona
"""
STOPWORDS = frozenset(_STOPWORDS.split())


class _Folding(dict[int, str]):
    """Folds one character to exactly one character; remembers those it has met."""

    def __missing__(self, code: int) -> str:
        plain = "".join(c for c in unicodedata.normalize("NFKD", chr(code).lower()) if not unicodedata.combining(c))
        self[code] = plain if len(plain) == 1 else chr(code)
        return self[code]


_FOLDING = _Folding()


class Token(NamedTuple):
    """A folded word and where it stands in the text."""

    word: str
    start: int
    end: int


def fold(text: str) -> str:
    return text.translate(_FOLDING)


def content_tokens(folded: str) -> list[Token]:
    """The words that carry meaning, in order."""
    found = (Token(match.group(), match.start(), match.end()) for match in _WORD.finditer(folded))
    return [token for token in found if token.word not in STOPWORDS]


def stem(word: str) -> str:
    """A folded word without its Slovak ending; at least three letters stay."""
    short = _ENDING.sub("", word)
    return short if len(short) >= min(4, max(3, len(word) - 1)) else word
