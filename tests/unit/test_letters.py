"""The covering letter to an outside authority."""

from __future__ import annotations

from shared.letters import covering_letter
from tests.fakes_delivery import CITY


def test_the_letter_names_the_paragraph_and_what_is_forwarded() -> None:
    letter = covering_letter(CITY.city, "Okresný úrad", "20261120-A-1", "Žiadosť", "20. novembra 2026", None)
    assert "20261120-A-1" in letter.subject
    for told in ("§ 20 zákona č. 71/1967 Zb.", "„Žiadosť“", "20. novembra 2026", "v prílohe", "Mestský úrad Skúška"):
        assert told in letter.html


def test_a_document_too_big_for_mail_is_linked() -> None:
    letter = covering_letter(CITY.city, "Úrad", "1", None, "dnes", "https://x.example/a?b=1&c=2")
    assert 'href="https://x.example/a?b=1&amp;c=2"' in letter.html
    assert "v prílohe" not in letter.html


def test_names_are_escaped() -> None:
    letter = covering_letter(CITY.city, "<b>Úrad</b>", "1", "<i>x</i>", "dnes", None)
    assert "<b>" not in letter.html
    assert "<i>" not in letter.html
