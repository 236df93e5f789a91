"""Tells a text in another language from a Slovak one by its function words, which OCR noise cannot imitate for long."""

from __future__ import annotations

import re
from collections import Counter

from shared.folding import fold

ENOUGH_WORDS = 4
CYRILLIC_SHARE = 0.3
MARGIN = 1.5
_WORD = re.compile(r"[^\W\d_]+")
_CYRILLIC = re.compile(r"[\u0400-\u04ff]")

# Words frequent in one language and rare or impossible in the others of this table, folded.
_WORDS = {
    "sk": "sa vo alebo pre som sme ktory ktora ktore podla pri ako su nie aj bol bola bolo ziadost ziadam prosim dna"
    " roku pod mesto mesta obce ulica meno priezvisko podpis cislo uradu zakona datum adresa",
    "cs": "se ve nebo pro jsem jsme ktery ktera podle jako jsou neni take byl byla bylo zadost zadam rok ulice"
    " jmeno prijmeni cislem uradu vas dle jejich tento mesto dekuji pri ze souhlas prosim soud",
    "hu": "es az egy hogy nem van vagy meg csak kerem neve cime szerint ami aki lakcim alairas"
    " datum tisztelt kell ezt volt",
    "en": "the and of to in is for that with this are you your please be as from have will date name address by on",
    "de": "der die das und ist nicht von mit fur auf eine ein den dem wird sind bitte name datum anschrift"
    " oder im zu sehr",
    "pl": "sie jest oraz lub dla przez prosze imie nazwisko zgodnie ktory ktora wniosek zamieszkania powazaniem",
}
_SHARED = {word for word, count in Counter(w for words in _WORDS.values() for w in words.split()).items() if count > 1}
_PROFILES = {language: frozenset(words.split()) - _SHARED for language, words in _WORDS.items()}

# Said in a sentence: „Text je zrejme po …“.
NAMES = {
    "cs": "po česky",
    "hu": "po maďarsky",
    "en": "po anglicky",
    "de": "po nemecky",
    "pl": "po poľsky",
    "cyrillic": "v azbuke",
}


def foreign_language(text: str) -> str | None:
    """A key of NAMES when the text clearly is in that language, else None."""
    letters = sum(char.isalpha() for char in text)
    if letters and len(_CYRILLIC.findall(text)) / letters > CYRILLIC_SHARE:
        return "cyrillic"
    words = _WORD.findall(fold(text))
    hits = {language: sum(word in profile for word in words) for language, profile in _PROFILES.items()}
    slovak = hits.pop("sk")
    best = max(hits, key=lambda language: hits[language])
    return best if hits[best] >= ENOUGH_WORDS and hits[best] > MARGIN * slovak else None
