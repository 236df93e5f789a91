"""Register of residents and schools."""

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
    row,
)
from samples.submissions.city import PERSONAL_DATA, office

PERMANENT_RESIDENCE = Form(
    title="PRIHLÁSENIE NA TRVALÝ POBYT",
    subtitle="prihlasovací lístok podľa zákona č. 253/1998 Z. z. o hlásení pobytu občanov a registri obyvateľov",
    header=office("Oddelenie evidencie obyvateľov a matriky – ohlasovňa pobytu"),
    style=Style(fields="boxed", hand="caveat", hand_size=18),
    receipt=Receipt("16. 11. 2026", "47 355"),
    form_code="tlačivo č. 1",
    blocks=(
        Heading("Prihlasovaná osoba"),
        row(("Priezvisko", "Čierny"), ("Meno", "Matúš"), ("Rodné priezvisko", "Čierny")),
        row(
            ("Dátum a miesto narodenia", "14. 8. 1995, Brezno", 1.6),
            ("Štátne občianstvo", "SR", 0.8),
            ("Pohlavie", "muž", 0.5),
        ),
        Comb("Rodné číslo", "953814 0009"),
        row(("Rodinný stav", "slobodný"), ("Číslo občianskeho preukazu", "XX 000 001", 1.4)),
        Heading("Pobyt"),
        row(("Doterajší trvalý pobyt", "ČSA 48, 977 01 Brezno")),
        row(
            ("Nový trvalý pobyt – ulica, súpisné a orientačné číslo", "Internátna 4382/56", 2.2), ("Byt č.", "31", 0.5)
        ),
        row(("Obec", "Banská Bystrica"), ("PSČ", "974 04", 0.6), ("Dátum začatia pobytu", "16. 11. 2026")),
        Heading("Vzťah k budove"),
        Choices("", ("vlastník / spoluvlastník", "nájomca", "súhlas vlastníka budovy", "iný"), (2,)),
        Heading("Potvrdenie vlastníka alebo nájomcu budovy o súhlase s prihlásením na trvalý pobyt"),
        row(("Meno a priezvisko vlastníka", "Viera Čierna"), ("Číslo OP", "XX 000 002", 0.8)),
        row(("List vlastníctva č.", "5120"), ("Súhlas udelený pred zamestnancom ohlasovne dňa", "16. 11. 2026", 1.8)),
        SmallPrint(
            "K prihláseniu sa predkladá občiansky preukaz, doklad o vlastníctve alebo nájme a písomný súhlas "
            "vlastníka, ak občan nie je vlastníkom. Uvedením nepravdivých údajov sa občan dopúšťa priestupku."
        ),
        PERSONAL_DATA,
        Signature("Banskej Bystrici 16. 11. 2026", "Čierny", "podpis občana"),
    ),
)

KINDERGARTEN = Form(
    title="ŽIADOSŤ O PRIJATIE DIEŤAŤA NA PREDPRIMÁRNE VZDELÁVANIE",
    subtitle="zápis do materskej školy podľa § 59 zákona č. 245/2008 Z. z. (školský zákon)",
    header=office("Oddelenie školstva a mládeže"),
    style=Style(hand="patrick-hand", hand_size=14.5, fields="ruled", ink=BLACK_INK),
    receipt=Receipt("17. 11. 2026", "47 541"),
    blocks=(
        row(("Materská škola", "MŠ Na Lúčkach 2, Banská Bystrica")),
        Heading("Údaje o dieťati"),
        row(("Meno a priezvisko dieťaťa", "Lea Šišková"), ("Dátum narodenia", "9. 2. 2024", 0.7)),
        row(("Miesto narodenia", "Banská Bystrica"), ("Národnosť", "slovenská"), ("Materinský jazyk", "slovenský")),
        row(("Adresa trvalého pobytu", "Nová 40, 974 04 Banská Bystrica")),
        Heading("Údaje o zákonných zástupcoch"),
        row(("Matka – meno a priezvisko", "Mária Šišková", 1.6), ("Telefón", "0900 000 551")),
        row(("Otec – meno a priezvisko", "Jozef Šiška", 1.6), ("Telefón", "0900 000 552")),
        row(("Adresa na doručovanie", "Nová 40, 974 04 Banská Bystrica")),
        Heading("Žiadam o prijatie dieťaťa"),
        row(("od", "1. 9. 2027")),
        Choices("na:", ("celodennú výchovu a vzdelávanie", "poldennú výchovu", "adaptačný pobyt"), (0,)),
        Choices("Dieťa už navštevovalo materskú školu / jasle:", ("áno", "nie"), (1,)),
        Lines("Súrodenec v tejto materskej škole:", "brat Adam Šiška, trieda Lienky", 1),
        Heading("Potvrdenie všeobecného lekára pre deti a dorast o zdravotnej spôsobilosti dieťaťa"),
        row(("Dieťa je / nie je spôsobilé navštevovať MŠ", "je spôsobilé"), ("Očkovanie", "riadne očkované", 0.8)),
        row(("Dátum", "12. 11. 2026", 0.6), ("Pečiatka a podpis lekára", "MUDr. Hôrková")),
        SmallPrint(
            "Vyhlásenie: Zaväzujem sa, že oznámim riaditeľstvu materskej školy výskyt prenosnej choroby v rodine a "
            "že budem pravidelne prispievať na čiastočnú úhradu nákladov podľa všeobecne záväzného nariadenia mesta."
        ),
        PERSONAL_DATA,
        Signature("Banskej Bystrici 13. 11. 2026", "Šišková", "podpis oboch zákonných zástupcov"),
    ),
)
