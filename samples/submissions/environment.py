"""Trees and nature (act 543/2002)."""

from samples.rendering.form import (
    Address,
    Choices,
    Form,
    Heading,
    Lines,
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

TREE_FELLING = Form(
    title="Žiadosť o vydanie súhlasu na výrub drevín",
    subtitle="podľa § 47 ods. 3 zákona č. 543/2002 Z. z. o ochrane prírody a krajiny",
    header=office("Oddelenie životného prostredia"),
    style=Style(body="tinos", size=11, hand="caveat", hand_size=18, fields="dotted"),
    receipt=Receipt("13. 11. 2026", "46 918"),
    blocks=(
        Heading("1. Žiadateľ"),
        row(("Meno a priezvisko / názov", "Spoločenstvo vlastníkov bytov Kyjevská 7")),
        row(("Adresa / sídlo", "Kyjevské námestie 7, 974 04 Banská Bystrica")),
        row(("Zastúpený", "Božena Hrušková, predsedníčka"), ("Telefón", "0900 000 663", 0.8)),
        Heading("2. Miesto výrubu"),
        row(("Katastrálne územie", "Banská Bystrica"), ("Parcela č.", "3540/8", 0.7), ("Druh pozemku", "zeleň", 0.8)),
        row(("Vlastník pozemku", "Mesto Banská Bystrica"), ("List vlastníctva č.", "4000", 0.6)),
        Choices("Pozemok sa nachádza:", ("v zastavanom území obce", "mimo zastavaného územia"), (0,)),
        Heading("3. Dreviny, ktoré sa majú vyrúbať"),
        Table(
            ("P. č.", "Druh dreviny", "Obvod kmeňa vo výške 130 cm (cm)", "Počet", "Zdravotný stav"),
            (
                ("1", "smrek pichľavý", "142", "1", "presychá, naklonený"),
                ("2", "breza previsnutá", "118", "2", "hniloba kmeňa"),
                ("3", "javor mliečny", "96", "1", "dobrý"),
                ("", "", "", "", ""),
            ),
            (0.4, 1.7, 1.7, 0.6, 1.7),
        ),
        Heading("4. Odôvodnenie žiadosti"),
        Lines(
            "",
            "Smrek a brezy ohrozujú obyvateľov a zaparkované autá, pri víchrici 2. novembra spadli konáre na chodník "
            "pri vchode. Javor koreňmi poškodzuje kanalizačnú prípojku domu.",
            4,
        ),
        PageBreak(),
        Heading("5. Návrh náhradnej výsadby"),
        Lines("", "4 ks hrab obyčajný na tej istej parcele, obvod kmienka 16 cm, jar 2027", 2),
        Heading("6. Termín výrubu"),
        row(("Predpokladaný termín", "január – február 2027 (mimo vegetačného obdobia)")),
        Heading("7. Súhlas vlastníka alebo správcu pozemku"),
        Choices("", ("pripojený", "žiadateľ je vlastníkom pozemku", "bude doložený"), (0,)),
        Heading("Prílohy"),
        Paragraph("a) kópia katastrálnej mapy so zakreslením drevín"),
        Paragraph("b) súhlas vlastníka pozemku"),
        Paragraph("c) fotodokumentácia"),
        Paragraph("d) doklad o zaplatení správneho poplatku podľa položky 160 sadzobníka"),
        SmallPrint(
            "Súhlas na výrub sa nevyžaduje na stromy s obvodom kmeňa do 40 cm meraným vo výške 130 cm nad zemou a na "
            "súvislé krovité porasty v zastavanom území obce s výmerou do 10 m². Výrub sa uskutočňuje najmä v období "
            "vegetačného pokoja od 1. októbra do posledného februára."
        ),
        PERSONAL_DATA,
        Signature("Banskej Bystrici 11. 11. 2026", "B. Hrušková", "podpis (pečiatka) žiadateľa"),
        Address(("Vybavuje:", "Mestský úrad Banská Bystrica", "1. poschodie, č. dverí 112"), side="left"),
    ),
)
