import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.fields import mask, read_fields, valid_birth_number, valid_company_id
from shared.kinds import FieldName, Kind
from shared.model import DocumentText, Line, PageText, ReadField, Word

EDGE = (0.0, 0.0, 1.0, 1.0)


def document(*pages: str, confidence: float = 0.9, handwritten: frozenset[str] = frozenset()) -> DocumentText:
    return DocumentText(
        document_id="20260105-AAAAAAAA-1",
        engine="test",
        pages=[
            PageText(
                page=number,
                lines=[
                    Line(
                        words=[
                            Word(text=w, box=EDGE, confidence=confidence, handwritten=w in handwritten)
                            for w in line.split()
                        ]
                    )
                    for line in text.splitlines()
                ],
            )
            for number, text in enumerate(pages, 1)
        ],
    )


def values(fields: list[ReadField], name: FieldName) -> list[str]:
    return [field.value for field in fields if field.name == name]


@pytest.mark.parametrize(
    ("digits", "valid"),
    [
        ("8501010012", True),  # divisible by eleven
        ("8501010013", False),
        ("8551010017", True),  # a woman's month
        ("530101001", True),  # nine digits before 1954
        ("540101001", False),  # nine digits, but not before 1954
        ("8513010001", False),  # no thirteenth month
        ("85010100", False),
    ],
)
def test_a_birth_number_is_checked_by_its_date_and_by_eleven(digits: str, valid: bool) -> None:
    assert valid_birth_number(digits) is valid


@pytest.mark.parametrize(("digits", "valid"), [("00313271", True), ("00313272", False), ("3132710", False)])
def test_a_company_id_is_checked_by_its_last_digit(digits: str, valid: bool) -> None:
    assert valid_company_id(digits) is valid


def test_a_form_gives_applicant_address_numbers_parcel_date_and_subject_with_their_page() -> None:
    text = document(
        "Vec: Žiadosť o súhlas na výrub lipy\nMeno a priezvisko: Zuzana Vymyslená\n"
        "Bydlisko: Lipová 8, 974 01 Banská Bystrica",
        "Rodné číslo: 850101/0012\nIČO: 00 313 271\nParcela č. 1234/5 k. ú. Radvaň\nV Banskej Bystrici dňa 5. 1. 2026",
    )
    fields = read_fields(text, None)
    assert values(fields, FieldName.SUBJECT) == ["Žiadosť o súhlas na výrub lipy"]
    assert values(fields, FieldName.APPLICANT) == ["Zuzana Vymyslená"]
    assert values(fields, FieldName.ADDRESS) == ["Lipová 8, 974 01 Banská Bystrica"]
    assert values(fields, FieldName.BIRTH_NUMBER) == ["850101/0012"]
    assert values(fields, FieldName.COMPANY_ID) == ["00313271"]
    assert values(fields, FieldName.PARCEL) == ["1234/5"]
    assert values(fields, FieldName.DATE) == ["2026-01-05"]
    assert {field.name: field.page for field in fields}[FieldName.PARCEL] == 2


def test_numbers_that_fail_their_check_are_not_read() -> None:
    assert read_fields(document("Rodné číslo: 850101/0013\nIČO: 00313272"), None) == []


def test_a_phone_number_is_no_birth_number() -> None:
    assert values(read_fields(document("Telefón: 0905 123 456, 850101 0012"), None), FieldName.BIRTH_NUMBER) == []


def test_the_day_stands_before_the_month_and_a_birthday_is_not_the_documents_date() -> None:
    fields = read_fields(document("Dátum narodenia: 1. 2. 1999\nDátum: 3. 12. 2025"), None)
    assert values(fields, FieldName.DATE) == ["2025-12-03"]


def test_the_value_may_stand_on_the_line_under_its_label() -> None:
    fields = read_fields(document("Meno a priezvisko:\nJozef Nejestvujúci\nVec:\nSťažnosť na hluk"), None)
    assert values(fields, FieldName.APPLICANT) == ["Jozef Nejestvujúci"]
    assert values(fields, FieldName.SUBJECT) == ["Sťažnosť na hluk"]


def test_an_empty_form_gives_nothing() -> None:
    assert read_fields(document("Meno a priezvisko: ..............\nAdresa: ____________\nRodné číslo:"), None) == []


def test_handwriting_and_the_lowest_confidence_of_its_words_are_told() -> None:
    text = document("Žiadateľ: Zuzana Vymyslená", confidence=0.7, handwritten=frozenset({"Vymyslená"}))
    (field,) = read_fields(text, None)
    assert field.handwritten
    assert field.confidence == 0.7


def test_only_fields_that_matter_for_the_kind_are_read() -> None:
    kind = Kind(
        id="vec", title="Vec", department="majetok", phrases={"nieco": 1}, act="zákon", fields=[FieldName.PARCEL]
    )
    fields = read_fields(document("Rodné číslo: 850101/0012\nparc. č. 77"), kind)
    assert [field.name for field in fields] == [FieldName.PARCEL]


@pytest.mark.parametrize(
    ("name", "value", "shown"),
    [
        (FieldName.BIRTH_NUMBER, "850101/0012", "••••••••12"),
        (FieldName.COMPANY_ID, "00313271", "••••••71"),
        (FieldName.APPLICANT, "Zuzana Vymyslená", "Z. V."),
        (FieldName.ADDRESS, "Lipová 8, 974 01 Banská Bystrica", "974 01 Banská Bystrica"),
        (FieldName.PARCEL, "1234/5", "1234/5"),
    ],
)
def test_masking_leaves_what_a_card_may_show(name: FieldName, value: str, shown: str) -> None:
    assert mask(name, value) == shown


@given(st.text(max_size=300))
def test_no_text_makes_reading_fail(text: str) -> None:
    for field in read_fields(document(text), None):
        assert field.value
