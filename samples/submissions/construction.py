"""Works on buildings and roads."""

from samples.rendering.form import (
    BLACK_INK,
    Choices,
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

SMALL_BUILDING = Form(
    title="OHLÁSENIE DROBNEJ STAVBY",
    subtitle="podľa zákona č. 25/2025 Z. z. Stavebný zákon",
    header=office("Stavebný úrad"),
    receipt=Receipt("20. 11. 2026", "48 213"),
    form_code="SÚ-04/2025",
    blocks=(
        Heading("1. Stavebník"),
        row(("Meno, priezvisko, titul", "Ing. Ľubomír Šťastný")),
        row(("Trvalý pobyt", "Rudohorská 118, 974 11 Banská Bystrica")),
        row(("Telefón", "0900 000 114"), ("E-mail", "lubomir.stastny@example.com", 1.3)),
        Heading("2. Drobná stavba"),
        row(("Druh a účel stavby", "záhradný domček na náradie")),
        row(("Zastavaná plocha (m²)", "18,5"), ("Výška (m)", "2,90", 0.7), ("Podpivničenie", "nie", 0.8)),
        row(("Miesto stavby – ulica, číslo", "Rudohorská, záhrada za domom č. 118")),
        row(("Katastrálne územie", "Sásová", 1.2), ("Parcela č. (KN-C)", "2417/3"), ("List vlastníctva č.", "3391")),
        Choices("Vzťah k pozemku:", ("vlastník", "spoluvlastník", "nájomca", "iné právo"), (0,)),
        Choices("Stavba sa uskutoční:", ("svojpomocne", "dodávateľsky"), (0,)),
        Lines(
            "Stručný technický opis stavby:", "drevená konštrukcia na betónových pätkách, sedlová strecha, škridla", 2
        ),
        row(("Začatie stavebných prác", "apríl 2027"), ("Ukončenie", "jún 2027")),
        Heading("3. Prílohy"),
        Choices(
            "",
            (
                "situačný výkres osadenia stavby na pozemku",
                "jednoduchý výkres stavby (pôdorys, pohľad, rez)",
                "súhlas spoluvlastníkov",
                "doklad o zaplatení správneho poplatku",
            ),
            (0, 1, 3),
        ),
        SmallPrint(
            "So stavebnými prácami možno začať až po tom, ako stavebný úrad písomne oznámi, že proti uskutočneniu "
            "drobnej stavby nemá námietky."
        ),
        PERSONAL_DATA,
        Signature("Banskej Bystrici 19. 11. 2026", "Šťastný", "podpis stavebníka"),
    ),
)

ROAD_DIGGING = Form(
    title="ŽIADOSŤ O POVOLENIE NA ROZKOPÁVKU MIESTNEJ KOMUNIKÁCIE",
    subtitle="zvláštne užívanie podľa § 8 zákona č. 135/1961 Zb. o pozemných komunikáciách (cestný zákon)",
    header=office("Oddelenie dopravy a správy miestnych komunikácií"),
    style=Style(fields="boxed", hand="kalam", hand_size=13.5, ink=BLACK_INK, headings="bar"),
    receipt=Receipt("19. 11. 2026", "47 986"),
    blocks=(
        Heading("A. Žiadateľ (investor)"),
        row(("Obchodné meno / meno a priezvisko", "Vodotrasa Urpín, s. r. o.", 2.0), ("IČO", "99 412 073")),
        row(("Sídlo / adresa", "Zvolenská cesta 61, 974 05 Banská Bystrica", 2.0), ("Telefón", "0900 000 227")),
        row(("Zodpovedná osoba za prácu", "Peter Žňava, stavbyvedúci", 2.0), ("Mobil", "0900 000 228")),
        Heading("B. Zhotoviteľ prác"),
        row(("Názov a sídlo", "zhodný so žiadateľom")),
        Heading("C. Údaje o rozkopávke"),
        row(("Ulica / miestna komunikácia", "Tatranská, pred domom č. 14", 2.0), ("Parcela č.", "1187/22")),
        row(("Dôvod rozkopávky", "oprava vodovodnej prípojky – havarijný stav")),
        row(
            ("Začiatok prác", "30. 11. 2026"), ("Ukončenie prác", "4. 12. 2026"), ("Konečná úprava do", "18. 12. 2026")
        ),
        row(
            ("Vozovka – dĺžka × šírka (m)", "4,0 × 1,2"),
            ("Chodník – dĺžka × šírka (m)", "2,5 × 1,2"),
            ("Zeleň – m²", "6"),
        ),
        Choices("Povrch:", ("asfalt", "zámková dlažba", "betón", "nespevnený"), (0, 1)),
        Choices("Obmedzenie dopravy:", ("bez obmedzenia", "čiastočná uzávierka", "úplná uzávierka"), (1,)),
        Heading("D. Prílohy"),
        SmallPrint(
            "1. situácia v mierke 1 : 500 s vyznačením rozkopávky   2. projekt dočasného dopravného značenia "
            "odsúhlasený dopravným inšpektorátom   3. vyjadrenia správcov podzemných vedení   4. doklad o úhrade "
            "správneho poplatku"
        ),
        SmallPrint(
            "Žiadateľ sa zaväzuje uviesť komunikáciu do pôvodného stavu podľa technických podmienok správcu "
            "komunikácie a zodpovedá za škody, ktoré rozkopávkou vzniknú tretím osobám. Záručná lehota na spätnú "
            "úpravu je 60 mesiacov."
        ),
        PERSONAL_DATA,
        Signature("Banskej Bystrici 18. 11. 2026", "Žňava", "podpis a pečiatka žiadateľa"),
    ),
)
