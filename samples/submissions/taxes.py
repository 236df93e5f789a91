"""Local taxes (act 582/2004)."""

from samples.rendering.form import (
    Choices,
    Comb,
    Form,
    Heading,
    PageBreak,
    Paragraph,
    Receipt,
    Signature,
    SmallPrint,
    Style,
    Table,
    row,
)
from samples.submissions.city import PERSONAL_DATA, office

PROPERTY_TAX = Form(
    title="PRIZNANIE K DANI Z NEHNUTEĽNOSTÍ",
    subtitle="podľa § 99a zákona č. 582/2004 Z. z. o miestnych daniach a miestnom poplatku za komunálne odpady",
    header=office("Oddelenie miestnych daní a poplatkov"),
    style=Style(fields="boxed", hand="patrick-hand", hand_size=14, headings="bar", title_align="left"),
    receipt=Receipt("18. 11. 2026", "47 702"),
    form_code="MF/DzN-B",
    blocks=(
        Choices("Druh priznania:", ("priznanie", "čiastkové priznanie", "opravné", "dodatočné"), (1,)),
        row(("Na zdaňovacie obdobie (rok)", "2027"), ("Dôvod podania priznania", "nadobudnutie bytu dedením", 2.2)),
        Heading("I. oddiel – Údaje o daňovníkovi"),
        Comb("Rodné číslo", "684312 0007"),
        row(("Priezvisko", "Ďuricová"), ("Meno", "Žofia"), ("Titul", "Mgr.", 0.5)),
        row(("Ulica a číslo", "Horná Strieborná 9", 1.6), ("PSČ", "974 01", 0.6), ("Obec", "Banská Bystrica")),
        row(("Telefón", "0900 000 331"), ("E-mail", "zofia.duricova@example.com", 1.6)),
        Choices("Právny vzťah:", ("vlastník", "správca", "nájomca", "užívateľ"), (0,)),
        Choices("Spoluvlastníctvo:", ("bezpodielové manželov", "podielové", "výlučný vlastník"), (2,)),
        Heading("II. oddiel – Daň z pozemkov"),
        Table(
            ("Katastrálne územie", "Parcela č.", "Druh pozemku", "Výmera v m²", "Podiel"),
            (("Radvaň", "884/17", "záhrada", "312", "1/1"), ("", "", "", "", "")),
            (1.6, 1, 1.4, 1, 0.7),
        ),
        SmallPrint(
            "Ak priznanie podáva za spoluvlastníkov zástupca určený dohodou, uvedú sa v prílohe všetci "
            "spoluvlastníci a ich podpisy. Výmera sa zaokrúhľuje na celé m² nahor."
        ),
        PageBreak(),
        Heading("III. oddiel – Daň zo stavieb"),
        Table(
            ("Ulica a súpisné číslo", "Účel stavby", "Zastavaná plocha v m²", "Počet podlaží"),
            (("–", "–", "–", "–"),),
            (1.8, 1.4, 1.2, 0.8),
        ),
        Heading("IV. oddiel – Daň z bytov a z nebytových priestorov v bytovom dome"),
        Table(
            ("Ulica a číslo", "Číslo bytu", "Podlahová plocha v m²", "Podiel", "Dátum nadobudnutia"),
            (("Horná Strieborná 9", "12", "63", "1/1", "27. 10. 2026"),),
            (1.8, 0.8, 1.2, 0.7, 1.2),
        ),
        Heading("V. oddiel – Zníženie alebo oslobodenie od dane"),
        Choices("", ("držiteľ preukazu ŤZP", "vek nad 70 rokov", "hmotná núdza", "neuplatňujem"), (3,)),
        Heading("VI. oddiel – Prílohy"),
        Paragraph("1. osvedčenie o dedičstve (kópia)     2. výpis z listu vlastníctva (informatívny)"),
        SmallPrint(
            "Priznanie sa podáva do 31. januára zdaňovacieho obdobia, pri nadobudnutí nehnuteľnosti dedením do 30 "
            "dní odo dňa právoplatnosti osvedčenia o dedičstve. Vyhlasujem, že všetky údaje uvedené v priznaní sú "
            "správne a úplné a som si vedomá právnych následkov nepravdivého vyhlásenia."
        ),
        PERSONAL_DATA,
        Signature("Banskej Bystrici 16. 11. 2026", "Ďuricová", "podpis daňovníka"),
    ),
)

DOG_TAX = Form(
    title="OHLÁSENIE PSA – PRIZNANIE K DANI ZA PSA",
    subtitle="zákon č. 582/2004 Z. z. o miestnych daniach, § 22 a nasl.; zákon č. 282/2002 Z. z. o držaní psov",
    header=office("Oddelenie miestnych daní a poplatkov"),
    style=Style(body="tinos", size=11, hand="kalam", hand_size=14, headings="underlined"),
    receipt=Receipt("20. 11. 2026", "48 240"),
    blocks=(
        Choices("Podanie:", ("vznik daňovej povinnosti", "zánik daňovej povinnosti", "zmena údajov"), (0,)),
        Heading("Držiteľ psa"),
        row(("Meno a priezvisko", "Katarína Vŕbová"), ("Dátum narodenia", "3. 5. 1991", 0.8)),
        row(("Adresa trvalého pobytu", "Sitnianska 22, 974 11 Banská Bystrica")),
        row(("Telefón", "0900 000 442"), ("E-mail", "k.vrbova@example.com", 1.3)),
        Heading("Údaje o psovi"),
        row(("Meno psa", "Čeny"), ("Plemeno", "kríženec (jazvečík)", 1.6)),
        row(("Pohlavie", "suka"), ("Vek psa", "6 mesiacov"), ("Farba", "hnedá")),
        row(("Číslo čipu (tetovacie číslo)", "000 000 112 233 445", 1.5), ("Výška v kohútiku", "28 cm")),
        row(("Pes sa drží od", "12. 11. 2026"), ("Miesto držania", "byt, Sitnianska 22", 1.5)),
        Choices("Pes je držaný:", ("v byte", "v rodinnom dome", "v záhradkárskej osade", "na stráženie firmy"), (0,)),
        Choices("Pes pohrýzol človeka bez toho, aby bol vyprovokovaný:", ("áno", "nie"), (1,)),
        Heading("Uplatnenie zníženia sadzby dane"),
        Choices("", ("poberateľ dôchodku nad 62 rokov", "pes z útulku", "nežiadam"), (1,)),
        SmallPrint(
            "Evidenčnú známku psa vydá správca dane po zaevidovaní. Daňovník je povinný oznámiť vznik i zánik daňovej "
            "povinnosti do 30 dní. Daň za psa sa platí za každý kalendárny rok na základe rozhodnutia."
        ),
        PERSONAL_DATA,
        Signature("Banskej Bystrici 20. 11. 2026", "Vŕbová", "podpis držiteľa psa"),
    ),
)
