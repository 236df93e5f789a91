"""Invoices, requests for information, complaints, and calls for the city police."""

from samples.rendering.form import (
    BLACK_INK,
    Address,
    Choices,
    Field,
    Form,
    Gap,
    Heading,
    Lines,
    Paragraph,
    Receipt,
    Signature,
    SmallPrint,
    Style,
    Table,
    row,
)
from samples.submissions.city import PERSONAL_DATA, office

INVOICE = Form(
    title="FAKTÚRA – daňový doklad č. 2026110487",
    header=("Čisté vchody BB, s. r. o.", "Stavebná 5, 974 01 Banská Bystrica · IČO 99 617 240 · IČ DPH SK0000000017"),
    style=Style(fields="boxed", title_align="left"),
    receipt=Receipt("18. 11. 2026", "47 690"),
    blocks=(
        Address(
            (
                "Odberateľ:",
                "Mesto Banská Bystrica",
                "Československej armády 26",
                "974 01 Banská Bystrica",
                "IČO: 00313271",
            ),
            side="left",
        ),
        row(
            Field("Dátum vystavenia", "13. 11. 2026", printed=True),
            Field("Dátum dodania", "31. 10. 2026", printed=True),
            Field("Dátum splatnosti", "13. 12. 2026", printed=True),
        ),
        row(
            Field("Variabilný symbol", "2026110487", printed=True),
            Field("Číslo objednávky", "OBJ-2026/0913", printed=True),
            Field("Spôsob úhrady", "prevodný príkaz", printed=True),
        ),
        row(Field("Číslo účtu dodávateľa (IBAN)", "SK00 0000 0000 0000 0998 8776", printed=True)),
        Gap(8),
        Paragraph("Fakturujeme Vám čistenie a upratovanie priestorov mestského úradu za mesiac október 2026:"),
        Table(
            ("Popis plnenia", "Množstvo", "J. cena bez DPH", "DPH %", "Spolu bez DPH (€)"),
            (
                ("pravidelné upratovanie kancelárií", "22 dní", "64,00", "23", "1 408,00"),
                ("umývanie okien, 1. poschodie", "96 m²", "1,90", "23", "182,40"),
                ("hygienický materiál", "1 súbor", "118,60", "23", "118,60"),
            ),
            (2.4, 0.9, 1.1, 0.6, 1.2),
            printed=True,
        ),
        Table(
            ("Rekapitulácia DPH", "Základ (€)", "DPH 23 % (€)", "Spolu s DPH (€)"),
            (("základná sadzba", "1 709,00", "393,07", "2 102,07"),),
            (2, 1, 1, 1.2),
            printed=True,
        ),
        Paragraph("Celkom k úhrade:  2 102,07 EUR", bold=True, align="right", size=13),
        Gap(10),
        Paragraph("Vystavila: Renáta Ježíková, fakturácia, 0900 000 107, faktury@example.com"),
        SmallPrint(
            "Pri omeškaní s úhradou účtujeme zákonný úrok z omeškania. Tovar a služby zostávajú vlastníctvom "
            "dodávateľa do úplného zaplatenia. Spoločnosť je zapísaná v Obchodnom registri Okresného súdu Banská "
            "Bystrica, oddiel Sro."
        ),
        Lines("Vecná správnosť overená (dátum, podpis):", "súhlasí, 19. 11. 2026  Kňazíková", 1),
    ),
)

INFORMATION_REQUEST = Form(
    title="Žiadosť o sprístupnenie informácií",
    subtitle="podľa § 14 zákona č. 211/2000 Z. z. o slobodnom prístupe k informáciám",
    style=Style(body="courier-prime", size=10.5, title_align="left", hand="caveat", hand_size=20, ink=BLACK_INK),
    receipt=Receipt("19. 11. 2026", "48 015"),
    opening=(
        Address(("Žiadateľ:", "Hedviga Ďurková", "Povstalecká 3", "974 09 Banská Bystrica"), side="left"),
        Address(
            ("Povinná osoba:", "Mesto Banská Bystrica", "Československej armády 26", "974 01 Banská Bystrica"),
            side="left",
        ),
    ),
    blocks=(
        Paragraph(
            "Na základe zákona č. 211/2000 Z. z. o slobodnom prístupe k informáciám a o zmene a doplnení niektorých "
            "zákonov (zákon o slobode informácií) Vás žiadam o sprístupnenie týchto informácií:"
        ),
        Paragraph(
            "1. Kópie zmlúv a dodatkov, ktoré mesto uzavrelo na zimnú údržbu chodníkov v sezónach 2024/2025 a "
            "2025/2026."
        ),
        Paragraph("2. Celkovú sumu zaplatenú za zimnú údržbu v každej z týchto sezón, v členení podľa dodávateľov."),
        Paragraph(
            "3. Počet podnetov obyvateľov na neodhrnuté chodníky v mestskej časti Podlavice a spôsob ich vybavenia."
        ),
        Paragraph(
            "Informácie žiadam sprístupniť v elektronickej podobe na adresu h.durkova@example.com, prípadne ako "
            "kópie poštou na uvedenú adresu."
        ),
        Paragraph(
            "Ak povinná osoba niektorú informáciu nemá k dispozícii a vie, kde ju možno získať, žiadam o postúpenie "
            "žiadosti podľa § 15 zákona a o upovedomenie o postúpení. Pri čiastočnom nevyhovení žiadam o vydanie "
            "rozhodnutia."
        ),
        Gap(6),
        Paragraph("Za vybavenie žiadosti v zákonnej lehote ďakujem."),
        Signature("Banskej Bystrici 18. novembra 2026", "H. Ďurková", "podpis žiadateľky"),
    ),
)

POLICE_NOTICE = Form(
    title="PODNET PRE MESTSKÚ POLÍCIU",
    subtitle="oznámenie o podozrení zo spáchania priestupku",
    header=office("Mestská polícia Banská Bystrica, Partizánska cesta"),
    style=Style(size=11, hand="kalam", hand_size=14.5, fields="ruled"),
    receipt=Receipt("17. 11. 2026", "47 488"),
    blocks=(
        Heading("Oznamovateľ"),
        row(("Meno a priezvisko", "Gabriela Mĺkva"), ("Telefón", "0900 000 118", 0.8)),
        row(("Adresa", "Trieda SNP 62, 974 01 Banská Bystrica")),
        Heading("Čo sa stalo"),
        Choices(
            "",
            (
                "parkovanie na chodníku alebo zeleni",
                "rušenie nočného pokoja",
                "voľne pustený pes",
                "znečisťovanie verejného priestranstva",
                "iné",
            ),
            (0, 1),
        ),
        row(("Miesto", "dvor za domom Trieda SNP 62"), ("Dátum a čas", "14. 11. 2026, 22:40", 0.9)),
        Lines(
            "Opis udalosti:",
            "Biela dodávka stojí opakovane celou šírkou na chodníku, s kočíkom sa nedá prejsť. Posádka po desiatej "
            "večer púšťa nahlas hudbu a kričí. Žiadam o výjazd hliadky a o častejšie kontroly v nočných hodinách.",
            5,
        ),
        row(("Evidenčné číslo vozidla", "BB 000 XY", 0.8), ("Svedkovia", "suseda z č. 64, p. Hľadajová")),
        Choices("Prílohy:", ("fotografie", "videozáznam", "bez príloh"), (0,)),
        Choices("Žiadam o vyrozumenie o výsledku:", ("áno", "nie"), (0,)),
        SmallPrint(
            "Mestská polícia objasňuje priestupky podľa zákona č. 564/1991 Zb. o obecnej polícii a zákona č. "
            "372/1990 Zb. o priestupkoch. V naliehavých prípadoch volajte tiesňovú linku 159."
        ),
        PERSONAL_DATA,
        Signature("Banskej Bystrici 16. 11. 2026", "Mĺkva", "podpis oznamovateľa"),
    ),
)

COMPLAINT_LETTER = """Mestský úrad
Banská Bystrica

Vec: Sťažnosť

Dobrý deň,

sťažujem sa na postup pracovníčky stavebného úradu. Dňa 6. októbra som priniesla doplnené výkresy k našej \
žiadosti. Pani referentka ich odmietla prevziať, lebo vraj nemá čas, a poslala ma domov. Keď som prišla o týždeň, \
povedala mi, že lehota už uplynula a konanie sa zastavuje.

Takéto správanie považujem za nesprávne. Žiadam, aby ste moju sťažnosť prešetrili podľa zákona o sťažnostiach a \
písomne mi oznámili výsledok.

Ďakujem.

Emília Kôstková
Jakubská cesta 12
974 01 Banská Bystrica

V Banskej Bystrici 15. 11. 2026
"""
COMPLAINT_STYLE = Style(hand="caveat", hand_size=22, haste=3.0)
COMPLAINT_RECEIPT = Receipt("16. 11. 2026", "47 401")
