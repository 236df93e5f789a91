"""Evidence one can explain: titles, phrases and terms of the catalogue found in the text as they stand there.

Words are compared folded and without endings; a stem of five letters or more may differ in one letter, as OCR does.
The words of a pattern may stand in any order within a window a little wider than the pattern; of a title of four
words or more three quarters are enough.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from shared.folding import STOPWORDS, Token, content_tokens, fold, stem
from shared.kinds import Catalogue

TITLE_WEIGHT = 4.0
TERM_WEIGHT = 0.7
HEAD_TOKENS = 60
TITLE_TOKENS = 15
HEAD_BONUS = 1.5
LONGEST_ENDING = 4
FUZZY_STEM = 5
FUZZY_TRUST = 0.8
MEMORY = 50_000


@dataclass(frozen=True)
class Pattern:
    """A phrase of the catalogue as stems, and what each kind that names it gives for it."""

    text: str
    stems: tuple[str, ...]
    weights: dict[str, float]

    @cached_property
    def needed(self) -> int:
        return len(self.stems) if len(self.stems) < 4 else math.ceil(0.75 * len(self.stems))


@dataclass(frozen=True)
class Hit:
    """A pattern found; `text` is as it stands in the document."""

    pattern: Pattern
    text: str
    trust: float
    place: int


@dataclass
class Evidence:
    """All hits of a document and the scores they add up to."""

    hits: list[Hit]
    kinds: dict[str, float] = field(default_factory=dict)
    departments: dict[str, float] = field(default_factory=dict)
    titled: set[str] = field(default_factory=set)
    """Departments whose kind's whole title stands at the very beginning."""

    def quotes(self, kinds: Sequence[str], limit: int = 4) -> list[str]:
        """The strongest phrases for any of these kinds, as they stand in the text, each once."""
        wanted = set(kinds)
        scored = [
            (max(w for kind, w in hit.pattern.weights.items() if kind in wanted) * hit.trust, hit.text)
            for hit in self.hits
            if wanted & hit.pattern.weights.keys()
        ]
        quotes: dict[str, str] = {}
        for _, text in sorted(scored, key=lambda item: -item[0]):
            key = fold(" ".join(text.split()))
            if not any(key in other or other in key for other in quotes):
                quotes[key] = " ".join(text.split())
        return list(quotes.values())[:limit]


class EvidenceIndex:
    """The catalogue's patterns, ready to be looked up; built once."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._department = {kind.id: kind.department for kind in catalogue.kinds}
        self._patterns = _patterns(catalogue)
        usage = Counter(name for pattern in self._patterns for name in set(pattern.stems))
        self._by_anchor: dict[str, list[Pattern]] = defaultdict(list)
        for pattern in self._patterns:
            anchor = min(pattern.stems, key=lambda name: (usage[name], -len(name)))
            self._by_anchor[anchor].append(pattern)
        self._stems = frozenset(usage)
        self._near = _near_forms(self._stems)
        self._known: dict[str, dict[str, float]] = {}

    def find(self, text: str) -> Evidence:
        tokens = content_tokens(fold(text))
        matches = [self._stems_of(token.word) for token in tokens]
        evidence = Evidence(list(self._hits(text, tokens, matches)))
        evidence.kinds = _kind_scores(evidence.hits)
        evidence.departments = _department_scores(evidence.hits, self._department)
        evidence.titled = {
            self._department[kind]
            for hit in evidence.hits
            if hit.place < TITLE_TOKENS and len(hit.pattern.stems) > 1
            for kind, weight in hit.pattern.weights.items()
            if weight == TITLE_WEIGHT
        }
        return evidence

    def _stems_of(self, word: str) -> dict[str, float]:
        """Which stems of the catalogue this word may be, and how far that is to be trusted."""
        known = self._known.get(word)
        if known is None:
            if len(self._known) >= MEMORY:
                self._known.clear()
            known = self._known[word] = self._look_up(word)
        return known

    def _look_up(self, word: str) -> dict[str, float]:
        shortest = max(2, len(word) - LONGEST_ENDING)
        exact = {word[:size]: 1.0 for size in range(shortest, len(word) + 1) if word[:size] in self._stems}
        if exact or len(word) < FUZZY_STEM or word.isdigit():
            return exact
        found: dict[str, float] = {}
        for size in range(max(FUZZY_STEM - 1, shortest), len(word) + 1):
            for form in _deletions(word[:size]):
                for name in self._near.get(form, ()):
                    found[name] = FUZZY_TRUST
        return found

    def _hits(self, text: str, tokens: list[Token], matches: list[dict[str, float]]) -> Iterator[Hit]:
        places: dict[str, list[int]] = defaultdict(list)
        for position, match in enumerate(matches):
            for name in match:
                places[name].append(position)
        for anchor, positions in places.items():
            for pattern in self._by_anchor.get(anchor, ()):
                best = max((_match_at(pattern, p, matches) for p in positions), key=lambda m: m[0], default=None)
                if best and best[0] > 0:
                    trust, first, last = best
                    trust *= HEAD_BONUS if first < HEAD_TOKENS else 1.0
                    yield Hit(pattern, text[tokens[first].start : tokens[last].end], trust, first)


def _match_at(pattern: Pattern, position: int, matches: list[dict[str, float]]) -> tuple[float, int, int]:
    """Trust (0: not here), first and last token of the pattern around the anchor at `position`."""
    if len(pattern.stems) == 1:
        return matches[position][pattern.stems[0]], position, position
    slack = len(pattern.stems)
    window = sorted(
        range(max(0, position - slack), min(len(matches), position + slack + 1)), key=lambda p: abs(p - position)
    )
    used: dict[int, float] = {}
    for name in pattern.stems:
        place = next((p for p in window if p not in used and name in matches[p]), None)
        if place is not None:
            used[place] = matches[place][name]
    if len(used) < pattern.needed:
        return 0.0, 0, 0
    return sum(used.values()) / len(pattern.stems), min(used), max(used)


def _patterns(catalogue: Catalogue) -> list[Pattern]:
    """Every title, phrase and term once; a term shared by departments counts for each the less."""
    merged: dict[tuple[str, ...], tuple[str, dict[str, float]]] = {}
    for kind in catalogue.kinds:
        weighted = [(text, TITLE_WEIGHT) for text in (kind.title, *kind.titles)]
        weighted += [*kind.phrases.items(), *((term, TERM_WEIGHT) for term in kind.terms)]
        for text, weight in weighted:
            stems = tuple(stem(word) for word in fold(text).replace(".", " ").split() if word not in STOPWORDS)
            if stems:
                _, weights = merged.setdefault(stems, (text, {}))
                weights[kind.id] = max(weight, weights.get(kind.id, 0.0))
    department = {kind.id: kind.department for kind in catalogue.kinds}
    patterns = []
    for stems, (text, weights) in merged.items():
        shared = len({department[name] for name in weights})
        patterns.append(Pattern(text, stems, {name: weight / shared for name, weight in weights.items()}))
    return patterns


def _deletions(form: str) -> list[str]:
    return [form, *(form[:i] + form[i + 1 :] for i in range(len(form)))]


def _near_forms(stems: frozenset[str]) -> dict[str, list[str]]:
    """Stem and each of its one-letter deletions → the stems; two words one edit apart share such a form."""
    near: dict[str, list[str]] = defaultdict(list)
    for name in sorted(stems):
        if len(name) >= FUZZY_STEM and not name.isdigit():
            for form in set(_deletions(name)):
                near[form].append(name)
    return dict(near)


def _kind_scores(hits: list[Hit]) -> dict[str, float]:
    scores: dict[str, float] = defaultdict(float)
    for hit in hits:
        for kind, weight in hit.pattern.weights.items():
            scores[kind] += weight * hit.trust
    return dict(scores)


def _department_scores(hits: list[Hit], department: dict[str, str]) -> dict[str, float]:
    """A pattern counts once for a department, however many of its kinds name it."""
    scores: dict[str, float] = defaultdict(float)
    for hit in hits:
        best: dict[str, float] = {}
        for kind, weight in hit.pattern.weights.items():
            best[department[kind]] = max(weight, best.get(department[kind], 0.0))
        for name, weight in best.items():
            scores[name] += weight * hit.trust
    return dict(scores)
