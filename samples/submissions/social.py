"""Social services and city flats."""

from samples.rendering.form import (
    BLACK_INK,
    Choices,
    Comb,
    Form,
    Heading,
    Lines,
    Receipt,
    Signature,
    SmallPrint,
    Style,
    Table,
    row,
)
from samples.submissions.city import PERSONAL_DATA, office

HOME_CARE = Form(
    title="ŽIADOSŤ O POSKYTOVANIE OPATROVATEĽSKEJ SLUŽBY",
    subtitle="podľa § 41 zákona č. 448/2008 Z. z. o sociálnych službách",
    header=office("Oddelenie sociálnych vecí"),
    style=Style(hand="kalam", hand_size=14, ink=BLACK_INK, fields="dotted", size=10.5),
    receipt=Receipt("12. 11. 2026", "46 730", colour=(70, 66, 74)),
    blocks=(
        Heading("1. Žiadateľ (budúci prijímateľ sociálnej služby)"),
        row(("Meno a priezvisko", "Štefan Hôrka"), ("Dátum narodenia", "28. 12. 1943", 0.8)),
        Comb("Rodné číslo", "434228 003"),
        row(("Trvalý pobyt", "Fončorda, Mladých budovateľov 33, 974 11 Banská Bystrica")),
        row(("Telefón", "0900 000 774"), ("Rodinný stav", "vdovec")),
        row(("Druh dôchodku", "starobný"), ("Výška dôchodku", "612,40 € mesačne")),
        Heading("2. Kontaktná osoba"),
        row(("Meno a priezvisko", "Anna Hôrková, dcéra"), ("Telefón", "0900 000 775", 0.8)),
        Heading("3. Požadovaný rozsah opatrovateľskej služby"),
        Choices(
            "",
            (
                "úkony osobnej hygieny",
                "donáška obeda",
                "nákup a bežné pochôdzky",
                "upratovanie domácnosti",
                "sprievod k lekárovi",
                "dohľad",
            ),
            (0, 1, 2, 4),
        ),
        row(("Počet hodín denne", "3 hodiny"), ("Dni v týždni", "pondelok až piatok"), ("Od dňa", "1. 12. 2026", 0.7)),
        Lines(
            "Odôvodnenie žiadosti:",
            "Po operácii bedrového kĺbu sa sám neobslúžim, dcéra pracuje na zmeny.",
            2,
        ),
        Heading("4. Posudok o odkázanosti na sociálnu službu"),
        Choices("", ("právoplatné rozhodnutie prikladám", "o posúdenie odkázanosti žiadam súčasne"), (1,)),
        Heading("5. Prílohy"),
        SmallPrint(
            "lekársky nález na účely posúdenia odkázanosti; rozhodnutie o dôchodku; vyhlásenie o príjme a majetku; "
            "kópia rozhodnutia o odkázanosti, ak bolo vydané"
        ),
        PERSONAL_DATA,
        Signature("Banskej Bystrici 10. 11. 2026", "Hôrka", "podpis žiadateľa"),
    ),
)

CITY_FLAT = Form(
    title="ŽIADOSŤ O PRIDELENIE NÁJOMNÉHO BYTU",
    subtitle="vo vlastníctve mesta Banská Bystrica",
    header=office("Oddelenie správy majetku mesta – referát bytov"),
    style=Style(size=11, hand="patrick-hand", hand_size=15.5, fields="ruled", headings="bar"),
    receipt=Receipt("9. 11. 2026", "46 102"),
    blocks=(
        Heading("Žiadateľ o nájom bytu"),
        row(("Meno a priezvisko", "Radoslav Kĺbik"), ("Narodený", "6. 6. 1989", 0.7)),
        row(("Trvalý pobyt", "Mičinská cesta 77, Banská Bystrica")),
        row(("Zamestnávateľ", "Pekáreň Klas, s. r. o."), ("Čistý mesačný príjem", "1 040 €", 0.9)),
        Heading("Osoby, ktoré budú byt užívať spoločne so žiadateľom"),
        Table(
            ("Meno a priezvisko", "Vzťah", "Rok narodenia", "Príjem"),
            (
                ("Ivana Kĺbiková", "manželka", "1991", "rodičovský príspevok"),
                ("Tobiáš Kĺbik", "syn", "2023", "–"),
                ("Ela Kĺbiková", "dcéra", "2025", "–"),
            ),
            (1.6, 1, 1, 1.5),
        ),
        Heading("Požadovaný byt"),
        Choices("Počet izieb:", ("1", "2", "3"), (1,)),
        Choices("Súčasné bývanie:", ("podnájom", "u rodičov", "ubytovňa", "iné"), (0,)),
        Lines("Dôvod žiadosti:", "Štvorčlenná rodina v jednoizbovom podnájme, zmluva končí v marci 2027.", 2),
        SmallPrint(
            "Čestne vyhlasujem, že žiadna z uvedených osôb nie je vlastníkom ani nájomcom iného bytu alebo rodinného "
            "domu a že nemáme záväzky voči mestu. Žiadosť je potrebné každý rok do 31. januára obnoviť."
        ),
        PERSONAL_DATA,
        Signature("Banskej Bystrici 6. 11. 2026", "Kĺbik", "podpis žiadateľa"),
    ),
)
