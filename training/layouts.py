"""Layouts of training documents: how the words of a kind are put together on paper. Held-out documents use others."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from random import Random

from training import fillers
from training.material import Bank

Layout = Callable[["Words"], list[str]]


@dataclass(frozen=True)
class Words:
    """What a layout may draw from: a kind's own words, its department's agenda, and boilerplate of any document."""

    random: Random
    bank: Bank
    agenda: Bank
    titles: Sequence[str]
    boilerplate: Mapping[str, list[str]]

    def title(self) -> str:
        title = self.random.choice(self.titles)
        return title.upper() if self.random.random() < 0.35 else title

    def own(self, key: str, low: int, high: int) -> list[str]:
        return _some(self.random, self.bank.get(key), low, high)

    def whole(self, key: str, low: int, high: int) -> list[str]:
        return _some(self.random, self.agenda.get(key), low, high)

    def any(self, name: str, low: int = 0, high: int = 1) -> list[str]:
        return _some(self.random, self.boilerplate[name], low, high)


def _some(random: Random, items: Sequence[str], low: int, high: int) -> list[str]:
    return random.sample(list(items), min(len(items), random.randint(low, high)))


def form(words: Words) -> list[str]:
    filled = [f"{label}: {fillers.value(words.random)}" for label in words.any("person", 3, 10)]
    own = [f"{label}: {fillers.value(words.random)}" for label in words.own("labels", 3, 9)]
    docs = words.own("docs", 1, 3) + words.any("docs", 0, 3)
    return [
        *words.any("header", 0, 2),
        words.title(),
        *filled,
        *words.any("section", 0, 1),
        *own,
        *words.own("about", 0, 1),
        *words.any("declaration"),
        "Prílohy:",
        *docs,
        *words.any("gdpr", 0, 2),
        *words.any("sign", 1, 2),
    ]


def label_list(words: Words) -> list[str]:
    """An electronic form reduced to its labels."""
    lines = [words.title(), *words.any("person", 3, 12)]
    for label in words.own("labels", 3, 10):
        lines.append(label)
        if words.random.random() < 0.25:
            lines += [f"[ ] {choice}" for choice in words.any("choice", 2, 3)]
    return [*lines, *words.own("about", 0, 2), *words.own("docs", 0, 2), *words.any("gdpr")]


def service(words: Words) -> list[str]:
    """The description of a service on the city's site."""
    docs = words.own("docs", 1, 3) + words.any("docs", 0, 4)
    return [
        *words.any("header"),
        words.title(),
        *words.any("section"),
        *words.own("about", 2, 5),
        *words.any("who"),
        "Potrebné doklady:",
        *docs,
        *words.own("labels", 0, 3),
        *words.any("fee"),
        *words.any("deadline"),
        *words.any("how", 0, 3),
    ]


def letter(words: Words) -> list[str]:
    return [
        fillers.person(words.random) + ", " + fillers.address(words.random),
        *words.any("header"),
        f"Vec: {words.title()}" if words.random.random() < 0.6 else "",
        *words.any("ask"),
        *words.own("letter", 1, 4),
        *words.own("about", 0, 1),
        *words.any("thanks", 1, 2),
        fillers.person(words.random),
    ]


def decision(words: Words) -> list[str]:
    return [
        *words.any("header", 1, 1),
        f"Číslo: {words.random.randint(100, 99999)}/{words.random.randint(2020, 2026)}, {fillers.date(words.random)}",
        *words.any("notice", 1, 1),
        words.title(),
        *words.any("decision", 1, 3),
        *words.own("about", 2, 4),
        *words.whole("about", 0, 2),
        *words.any("decision", 1, 3),
    ]


def page(words: Words) -> list[str]:
    """An information page about a matter, with the department's other matters around it."""
    return [
        words.title(),
        *words.own("about", 1, 4),
        *words.whole("words", 0, 3),
        *words.whole("agenda", 0, 4),
        *words.whole("about", 0, 2),
        *words.any("how", 0, 2),
        *words.own("letter", 0, 1),
    ]


def scrap(words: Words) -> list[str]:
    """A short or badly read document: a title and a few words."""
    return [words.title(), *words.own("labels", 0, 2), *words.own("about", 0, 1), *words.own("letter", 0, 1)]


def invoice(words: Words) -> list[str]:
    random = words.random
    items = [f"{item} {random.randint(1, 40)} ks {fillers.money(random)}" for item in words.own("letter", 1, 3)]
    labels = [
        f"{label} {random.choice(('', fillers.date(random), fillers.money(random)))}"
        for label in words.own("labels", 6, 16)
    ]
    return [
        f"{words.title()} {random.randint(10**5, 10**9)}",
        *labels,
        *items,
        *words.own("about", 0, 2),
        *words.own("docs", 0, 1),
    ]


def agenda_page(words: Words) -> list[str]:
    return [
        *words.any("header"),
        *words.whole("words", 4, 14),
        *words.whole("agenda", 2, 7),
        *words.whole("about", 0, 3),
        *words.any("how", 0, 2),
    ]


def plain(words: Words) -> list[str]:
    return words.own("text", 3, 9)


COMMON: Sequence[tuple[Layout, int]] = (
    (form, 6), (label_list, 6), (service, 9), (letter, 7), (decision, 4), (page, 4), (scrap, 3),
)  # fmt: skip
INVOICES: Sequence[tuple[Layout, int]] = ((invoice, 8), (letter, 2), (page, 1), (scrap, 1))
AGENDA_PAGES: Sequence[tuple[Layout, int]] = ((agenda_page, 1),)
PLAIN: Sequence[tuple[Layout, int]] = ((plain, 1),)
