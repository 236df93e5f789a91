"""Layouts of held-out documents, other than those of training: no model sees them before it is measured."""

from __future__ import annotations

from collections.abc import Sequence

from training import fillers
from training.layouts import Layout, Words


def card_form(words: Words) -> list[str]:
    """Labels in numbered boxes, two in a row."""
    labels = words.any("person", 3, 7) + words.own("labels", 1, 3)
    pairs = [f"{number}. {label} ........ {fillers.value(words.random)}" for number, label in enumerate(labels, 1)]
    return [words.title(), *pairs, *words.any("declaration"), *words.own("about", 0, 1), *words.any("sign", 1, 1)]


def question_page(words: Words) -> list[str]:
    """A page of questions and answers."""
    lines = [f"{words.title()} – ako na to?"]
    for answer in words.own("about", 1, 2) + words.any("fee") + words.any("deadline"):
        lines += [*words.any("section", 1, 1), answer]
    return [*lines, *words.any("docs", 1, 4), *words.any("how", 1, 2), *words.whole("about", 0, 1)]


def mail(words: Words) -> list[str]:
    subject = f"Predmet správy: {words.title()}" if words.random.random() < 0.5 else "Predmet správy: prosba"
    return [
        f"Od: {fillers.person(words.random)}",
        subject,
        *words.any("ask", 1, 1),
        *words.own("letter", 1, 1),
        *words.any("thanks", 1, 1),
        fillers.date(words.random),
    ]


def office_answer(words: Words) -> list[str]:
    return [
        *words.any("notice", 1, 1),
        *words.any("header", 1, 1),
        f"k veci: {words.title()}",
        *words.own("about", 1, 2),
        *words.any("decision", 1, 2),
        *words.any("gdpr"),
    ]


def table(words: Words) -> list[str]:
    rows = [
        f"| {label} | {fillers.value(words.random)} |"
        for label in words.own("labels", 2, 4) + words.any("person", 1, 3)
    ]
    return [words.title(), *rows, *words.own("letter", 0, 1), *words.own("about", 0, 1)]


def wall_notice(words: Words) -> list[str]:
    return [*words.any("header", 1, 1), *words.whole("about", 1, 3), words.title(), *words.own("about", 0, 1)]


def loose(words: Words) -> list[str]:
    return words.own("text", 2, 5)


COMMON: Sequence[tuple[Layout, int]] = (
    (card_form, 4), (question_page, 4), (mail, 4), (office_answer, 3), (table, 2), (wall_notice, 1),
)  # fmt: skip
PLAIN: Sequence[tuple[Layout, int]] = ((loose, 1),)
