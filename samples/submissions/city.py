"""The parts that the city hall's own forms share: the head of the page and the notice on personal data."""

from samples.rendering.form import SmallPrint

OFFICE = (
    "Mesto Banská Bystrica",
    "Mestský úrad, Československej armády 26, 974 01 Banská Bystrica",
)


def office(department: str) -> tuple[str, ...]:
    return (*OFFICE, department)


PERSONAL_DATA = SmallPrint(
    "Mesto Banská Bystrica spracúva osobné údaje uvedené v tomto podaní na účel jeho vybavenia podľa nariadenia (EÚ) "
    "2016/679 (GDPR) a zákona č. 18/2018 Z. z. o ochrane osobných údajov. Údaje uchováva po dobu určenú "
    "registratúrnym plánom. Dotknutá osoba má právo na prístup k svojim údajom, na ich opravu a právo podať sťažnosť "
    "dozornému orgánu.",
    title="Informácia o spracúvaní osobných údajov",
)
