"""Invented people, addresses, dates and numbers that fill a document in; none of it speaks for any kind."""

from __future__ import annotations

from random import Random

FIRST_NAMES = ("Ján", "Peter", "Mária", "Anna", "Jozef", "Zuzana", "Eva", "Milan", "Štefan", "Ľuboš", "Jana", "Viera")
SURNAMES = ("Kováč", "Hudák", "Vrábel", "Šimko", "Ďurica", "Mlynár", "Oravec", "Žiak", "Balážová", "Tkáčová", "Novotná")
STREETS = ("Lipová", "Hlboká", "Tehelná", "Športová", "Záhradná", "Sládkovičova", "Štefánikova", "Jilemnického")
TOWNS = ("974 01 Banská Bystrica", "974 11 Banská Bystrica", "976 13 Slovenská Ľupča", "960 01 Zvolen")


def person(random: Random) -> str:
    return f"{random.choice(FIRST_NAMES)} {random.choice(SURNAMES)}"


def address(random: Random) -> str:
    return f"{random.choice(STREETS)} {random.randint(1, 120)}, {random.choice(TOWNS)}"


def date(random: Random) -> str:
    return f"{random.randint(1, 28)}. {random.randint(1, 12)}. 20{random.randint(22, 26)}"


def value(random: Random) -> str:
    """What may stand behind a label: nothing, dots, or something written in."""
    makers = (
        lambda: "",
        lambda: "",
        lambda: "." * random.randint(5, 30),
        lambda: "_" * random.randint(5, 25),
        lambda: person(random),
        lambda: address(random),
        lambda: date(random),
        lambda: str(random.randint(1, 99_999)),
        lambda: f"09{random.randint(10, 51)} {random.randint(100, 999)} {random.randint(100, 999)}",
    )
    return random.choice(makers)()


def money(random: Random) -> str:
    return f"{random.randint(1, 4_000)},{random.randint(0, 99):02d} EUR"
