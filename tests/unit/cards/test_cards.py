"""What departments read, and what a document cannot make them read."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.adapters.teams import LARGEST_MESSAGE, build_body
from shared.cards import Looks, News, Topic, build_card, build_digest
from shared.cards.digest import count_documents
from shared.cards.elements import LARGEST_CARD, size_of
from shared.cards.wording import confidence_in_words, plain
from shared.model import DocumentRecord, FiledItem

LOOKS = Looks("https://stol.example/api/", "Europe/Bratislava")
URL = "https://skuska.example/Podate%C4%BE%C5%88a/x.pdf"
FILED = FiledItem(department="majetok", drive_id="d", item_id="i", name="x.pdf", url=URL)


def record(**changes: Any) -> DocumentRecord:
    return DocumentRecord(
        id="20261120-7KQ2M9XA-1",
        source_id="20261120-7KQ2M9XA",
        source_name="sken.pdf",
        pages=[1, 2],
        received_at=datetime(2026, 11, 19, 23, 30, tzinfo=UTC),
        confidence=0.95,
        deadline=date(2026, 12, 21),
        deadline_rule="30 dní, § 49 ods. 2 zákona č. 71/1967 Zb.",
        filed=FILED,
    ).model_copy(update=changes)


def news(topic: Topic = Topic.ARRIVED, **changes: Any) -> News:
    given: dict[str, Any] = {"record": record(), "kind": "Podnet", "subject": "Oprava cesty", **changes}
    return News(topic, **given)


def shown(card: dict[str, Any]) -> str:
    return json.dumps(card, ensure_ascii=False).replace("\N{NO-BREAK SPACE}", " ")


def actions(card: dict[str, Any]) -> dict[str, str]:
    return {action["title"]: action["url"] for action in card.get("actions", [])}


def test_a_new_document_says_what_it_is_when_it_came_and_until_when() -> None:
    card = build_card(news(), LOOKS)
    text = shown(card)
    assert "Podnet" in text
    assert "Oprava cesty" in text
    assert "20. novembra 2026" in text  # received after midnight in Banská Bystrica
    assert "21. decembra 2026 (30 dní, § 49 ods. 2 zákona č. 71/1967 Zb.)" in text
    assert "takmer isté" in text
    assert actions(card) == {
        "Otvoriť dokument": URL,
        "Nepatrí nám": "https://stol.example/api/dokument/20261120-7KQ2M9XA-1?krok=nepatri-nam",
    }


def test_without_a_rule_no_deadline_is_shown() -> None:
    card = build_card(news(record=record(deadline=None, deadline_rule="")), LOOKS)
    assert "lehota" not in shown(card)


def test_a_document_that_could_not_be_filed_opens_at_the_desk() -> None:
    card = build_card(news(record=record(filed=None)), LOOKS)
    assert actions(card)["Otvoriť dokument"] == "https://stol.example/api/dokument/20261120-7KQ2M9XA-1"
    assert "nepodarilo uložiť do knižnice" in shown(card)


def test_missing_columns_and_probable_repeats_are_said() -> None:
    filed = FILED.model_copy(update={"missing_columns": ["Istota"]})
    text = shown(build_card(news(record=record(filed=filed, repeat_of="20261101-AAAAAAAA-1")), LOOKS))
    assert "V knižnici chýbajú stĺpce: Istota." in text
    assert "20261101-AAAAAAAA-1" in text


def test_a_review_card_names_the_candidates_and_asks_for_a_decision() -> None:
    candidates = [("Oddelenie majetku mesta", 0.52), ("Stavebný úrad", 0.31)]
    card = build_card(news(Topic.REVIEW, candidates=candidates), LOOKS)
    assert "Oddelenie majetku mesta (asi 52 %)" in shown(card)
    assert list(actions(card)) == ["Rozhodnúť", "Otvoriť dokument"]


def test_a_superseding_card_is_short_and_has_no_buttons() -> None:
    card = build_card(news(Topic.MOVED, department="Oddelenie majetku mesta"), LOOKS)
    assert "má teraz Oddelenie majetku mesta" in shown(card)
    assert actions(card) == {}
    assert size_of(card) < size_of(build_card(news(), LOOKS)) / 1.5


def test_a_notice_says_what_failed_why_and_what_to_do() -> None:
    failed = record(error="Knižnica chýba. Opravte `library` v config/departments.yaml.")
    card = build_card(news(Topic.NOTICE, record=failed, what_failed="uloženie do knižnice"), LOOKS)
    assert "uloženie do knižnice" in shown(card)
    assert "config/departments.yaml" in shown(card)
    assert "`" not in shown(card)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"confidence": 0.95}, "takmer isté"),
        ({"confidence": 0.7}, "pravdepodobné"),
        ({"confidence": 0.5}, "neisté"),
        ({"confidence": None}, "neurčené"),
        ({"decided_by": "person:novak"}, "zaradila podateľňa"),
        ({"decided_by": "separator"}, "podľa oddeľovacieho hárka"),
    ],
)
def test_confidence_is_said_in_words(changes: dict[str, Any], words: str) -> None:
    assert confidence_in_words(record(**changes)) == words


@pytest.mark.parametrize(
    "attack",
    [
        "[kliknite](http://zlo.example)",
        "![x](https://zlo.example/x.png)",
        "<at>Primátor</at>",
        "**súrne** _hneď_ ~~nie~~ `kód`",
        "# nadpis",
        "- odrážka",
        "www.zlo.example",
        "https://zlo.example/a",
        "javascript:alert(1)",
        "mailto:a@b.example",
        "{{DATE(2026-11-20T00:00:00Z)}}",
        "prvý\r\n\r\n# druhý",
        "\u202egnp.exe",
        "[a]: http://zlo.example",
    ],
)
def test_text_of_a_document_formats_links_and_mentions_nothing(attack: str) -> None:
    text = plain(attack)
    assert not set(text) & set("<>[]{}*_`~#\\\n\r\u202e")
    assert "://" not in text
    assert "zlo.example" not in text
    assert not text.startswith("-")
    assert not text.lower().startswith(("javascript:", "mailto:"))


@given(st.text(max_size=300))
def test_no_text_whatever_keeps_a_character_with_a_meaning(text: str) -> None:
    made = plain(text)
    assert not set(made) & set("<>[]{}*_`~#|\\\n\r\t")
    assert len(made) <= 200
    assert plain(made) == made


@pytest.mark.parametrize(
    "personal",
    [
        "855512/1234",
        "855512 1234",
        "8555121234",
        "+421 905 123 456",
        "0905123456",
        "SK31 1200 0000 1987 4263 7541",
        "jan@vymysleny.sk",
    ],
)
def test_personal_numbers_are_masked(personal: str) -> None:
    assert plain(f"Vec {personal} koniec") == "Vec ••• koniec"


@pytest.mark.parametrize(
    "kept", ["parcela č. 1234/5", "20. 11. 2026", "č. 20261120-7KQ2M9XA-1", "974 01 Banská Bystrica"]
)
def test_what_is_not_personal_stays(kept: str) -> None:
    assert plain(kept) == kept


def test_the_subject_stands_in_a_block_without_markdown() -> None:
    card = build_card(news(subject="Oprava cesty"), LOOKS)
    (block,) = [part for part in card["body"] if "Oprava cesty" in json.dumps(part, ensure_ascii=False)]
    assert block["type"] == "RichTextBlock"


def test_the_largest_card_fits_the_limit() -> None:
    long = "ľ" * 5000
    largest = record(reasons=[long] * 9, error=long)
    for topic in Topic:
        card = build_card(news(topic, record=largest, subject=long), LOOKS)
        assert len(build_body(card)) < LARGEST_MESSAGE / 2


@pytest.mark.parametrize("count", [2, 40, 400])
def test_a_digest_takes_as_many_as_fit_and_says_how_many(count: int) -> None:
    many = [news(record=record(id=f"20261120-{n:08d}-1"), subject="ž" * 200) for n in range(count)]
    card, told = build_digest(many, LOOKS)
    assert 2 <= told <= count
    assert size_of(card) <= LARGEST_CARD
    assert len(build_body(card)) <= LARGEST_MESSAGE
    assert count_documents(told) in shown(card)
    assert all(f"20261120-{n:08d}-1" in shown(card) for n in range(told))
    assert told == count or told >= 20


def test_a_digest_sorts_by_what_is_to_be_done() -> None:
    mixed = [news(), news(Topic.NOTICE), news(Topic.MOVED, department="Oddelenie majetku mesta"), news(Topic.REVIEW)]
    card, told = build_digest(mixed, LOOKS)
    text = shown(card)
    titles = ("Nové dokumenty", "Na rozhodnutie", "Presunuté inam", "Nepodarilo sa doručiť")
    assert told == 4
    assert [text.index(title) for title in titles] == sorted(text.index(title) for title in titles)


@pytest.mark.parametrize(("count", "words"), [(1, "1 dokument"), (3, "3 dokumenty"), (5, "5 dokumentov")])
def test_documents_are_counted_in_slovak(count: int, words: str) -> None:
    assert count_documents(count) == words
