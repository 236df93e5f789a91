"""Grants, patronage."""

from samples.rendering.form import (
    Address,
    Choices,
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
from samples.submissions.city import office

GRANT = Form(
    title="ŽIADOSŤ O POSKYTNUTIE DOTÁCIE Z ROZPOČTU MESTA",
    subtitle="na rok 2027 v oblasti kultúry a športu",
    header=office("Oddelenie kultúry a športu"),
    style=Style(fields="boxed", headings="bar", hand="caveat", hand_size=18),
    receipt=Receipt("10. 11. 2026", "46 377"),
    blocks=(
        Choices("Program:", ("kultúra a umenie", "šport a telovýchova", "mládež"), (0,)),
        Heading("1. Žiadateľ"),
        row(("Názov organizácie", "Občianske združenie Hron spieva", 2.0), ("IČO", "99 530 886")),
        row(("Sídlo", "Dolná 51, 974 01 Banská Bystrica", 2.0), ("Právna forma", "občianske združenie")),
        row(("Štatutárny zástupca", "Mgr. art. Ľudmila Jeřábková", 2.0), ("Telefón", "0900 000 885")),
        row(("Číslo účtu (IBAN)", "SK00 0000 0000 0000 0112 3344")),
        Heading("2. Projekt"),
        row(("Názov projektu", "Festival speváckych zborov Hron spieva – 12. ročník")),
        row(("Miesto konania", "Robotnícky dom, Národná ulica", 1.6), ("Termín", "5. – 7. jún 2027")),
        Lines(
            "Stručný opis a prínos projektu pre obyvateľov mesta:",
            "Prehliadka 14 zborov zo Slovenska, Čiech a Poľska, tvorivé dielne pre deti základných škôl, vstup voľný.",
            2,
        ),
        Heading("3. Rozpočet projektu"),
        Table(
            ("Položka", "Celkové náklady (€)", "Z dotácie mesta (€)"),
            (
                ("nájom sály a ozvučenie", "2 400", "1 500"),
                ("ubytovanie účinkujúcich", "3 150", "1 000"),
                ("propagácia, tlač plagátov", "680", "500"),
                ("Spolu", "6 230", "3 000"),
            ),
            (2.2, 1.2, 1.2),
        ),
        row(("Požadovaná výška dotácie", "3 000 €"), ("Vlastné a iné zdroje", "3 230 €")),
        SmallPrint(
            "Dotáciu možno poskytnúť podľa § 7 zákona č. 583/2004 Z. z. a všeobecne záväzného nariadenia mesta o "
            "dotáciách. Žiadateľ vyhlasuje, že nemá záväzky po lehote splatnosti voči mestu, daňovému úradu ani "
            "poisťovniam. Prílohy: stanovy, doklad o zriadení účtu, vyúčtovanie dotácie za predchádzajúci rok."
        ),
        Signature("Banskej Bystrici 9. 11. 2026", "Ľ. Jeřábková", "podpis štatutárneho zástupcu"),
    ),
)

PATRONAGE = Form(
    title="Žiadosť o prevzatie záštity primátora mesta nad podujatím",
    header=(
        "Klub priateľov baníckej histórie, o. z.",
        "Kapitulská 19, 974 01 Banská Bystrica · IČO 99 208 114 · klub@example.com",
    ),
    style=Style(body="tinos", size=12, title_align="left", hand="caveat", hand_size=20),
    receipt=Receipt("20. 11. 2026", "48 251"),
    opening=(
        Address(
            (
                "Vážený pán",
                "primátor mesta Banská Bystrica",
                "Kancelária primátora a sekretariát",
                "Mestský úrad, Československej armády 26",
                "974 01 Banská Bystrica",
            ),
            side="left",
        ),
        Paragraph("Banská Bystrica 18. novembra 2026", align="right"),
        Gap(10),
    ),
    blocks=(
        Paragraph("Vážený pán primátor,"),
        Paragraph(
            "dovoľujeme si Vás v mene Klubu priateľov baníckej histórie požiadať o prevzatie záštity nad slávnostným "
            "stretnutím baníckych miest a obcí, ktoré sa uskutoční 24. apríla 2027 na Námestí SNP."
        ),
        Paragraph(
            "Stretnutie nadväzuje na banícku tradíciu nášho mesta. Očakávame približne štyristo uniformovaných "
            "účastníkov z osemnástich miest a zástupcov partnerských miest z Poľska a Maďarska. Súčasťou programu "
            "bude slávnostný sprievod, položenie vencov a prijatie predstaviteľov delegácií."
        ),
        Paragraph(
            "Zároveň Vás prosíme o úvodný príhovor k účastníkom a o prijatie vedúcich delegácií v obradnej "
            "miestnosti mestského úradu v ten istý deň o 11.00 hodine. O finančný príspevok týmto listom nežiadame. "
            "Súhlas s uvedením Vášho mena a erbu mesta na pozvánkach by sme potrebovali do konca januára."
        ),
        Paragraph("Program podujatia a zoznam pozvaných hostí prikladáme. Ďakujeme za porozumenie."),
        Gap(6),
        Paragraph("S úctou"),
        Signature("", "Oskar Hlôška", "Oskar Hlôška, predseda klubu"),
        SmallPrint("Prílohy: 2"),
    ),
)
