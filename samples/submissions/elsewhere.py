"""What does not belong to the city hall: an application to the cadastre, and a page left in the scanner."""

from samples.rendering.form import Address, Form, Gap, Heading, Paragraph, Receipt, Signature, SmallPrint, Style, row

CADASTRE_ENTRY = Form(
    title="NÁVRH NA VKLAD VLASTNÍCKEHO PRÁVA DO KATASTRA NEHNUTEĽNOSTÍ",
    subtitle="podľa § 30 zákona č. 162/1995 Z. z. o katastri nehnuteľností (katastrálny zákon)",
    style=Style(body="tinos", size=11.5, hand="caveat", hand_size=19, fields="ruled"),
    receipt=Receipt("20. 11. 2026", "48 236"),
    opening=(
        Address(
            ("Okresný úrad Banská Bystrica", "katastrálny odbor", "ulica ČSA 7", "974 01 Banská Bystrica"),
            side="left",
        ),
        Gap(10),
    ),
    blocks=(
        Heading("I. Navrhovatelia – účastníci konania"),
        row(("Predávajúci", "Blažej Sňahničan, nar. 1. 4. 1962, Moskovská 8, Banská Bystrica")),
        row(("Kupujúca", "Simona Vĺčková, nar. 19. 9. 1988, Záhradná 15, Slovenská Ľupča")),
        Heading("II. Nehnuteľnosti, ktoré sú predmetom vkladu"),
        row(("Katastrálne územie", "Kremnička"), ("List vlastníctva č.", "2718", 0.8), ("Okres", "Banská Bystrica")),
        row(("Parcela registra C č.", "1416/9"), ("Výmera", "487 m²", 0.7), ("Druh pozemku", "orná pôda")),
        row(("Stavba – súpisné číslo", "–"), ("Spoluvlastnícky podiel", "1/1")),
        Heading("III. Označenie právneho úkonu"),
        Paragraph(
            "Na základe kúpnej zmluvy uzavretej dňa 12. novembra 2026 navrhujeme, aby okresný úrad, katastrálny "
            "odbor, povolil vklad vlastníckeho práva k uvedeným nehnuteľnostiam v prospech kupujúcej a vykonal zápis "
            "v katastri nehnuteľností."
        ),
        Heading("IV. Prílohy"),
        Paragraph("1. kúpna zmluva v dvoch vyhotoveniach s úradne osvedčeným podpisom predávajúceho"),
        Paragraph("2. geometrický plán č. 118/2026"),
        Paragraph("3. doklad o zaplatení správneho poplatku"),
        SmallPrint(
            "Správny poplatok za návrh na vklad sa platí podľa položky 11 sadzobníka správnych poplatkov. Oznámenie "
            "o návrhu na vklad podané vopred elektronicky: nie."
        ),
        Gap(4),
        Signature("Banskej Bystrici 19. 11. 2026", "Vĺčková", "podpisy účastníkov"),
    ),
)

RECIPE = Form(
    title="Orechovník starej mamy",
    subtitle="(na vianočný stôl, jeden veľký plech)",
    style=Style(body="tinos", size=13, title_align="left", hand="kalam", hand_size=15),
    blocks=(
        Heading("Cesto"),
        Paragraph("50 dkg hladkej múky, 25 dkg masla, 3 žĺtky, 8 dkg práškového cukru, štipka soli,"),
        Paragraph("kvások z 2 dkg droždia, lyžičky cukru a deci vlažného mlieka"),
        Heading("Plnka"),
        Paragraph("40 dkg mletých orechov, 25 dkg cukru, strúhaná kôra z citróna, škorica, hrozienka,"),
        Paragraph("1,5 dl horúceho mlieka"),
        Heading("Postup"),
        Paragraph(
            "Maslo rozmrvíme s múkou, pridáme žĺtky, cukor a vykysnutý kvások. Vypracujeme hladké cesto a necháme ho "
            "hodinu odpočívať v chlade. Rozdelíme na štyri bochníky, každý vyvaľkáme na hrúbku noža."
        ),
        Paragraph(
            "Orechy sparíme mliekom, premiešame s cukrom a škoricou. Plnku rozotrieme, posypeme hrozienkami a "
            "zvinieme. Závin potrieme žĺtkom, popicháme vidličkou a po pol hodine potrieme ešte raz bielkom."
        ),
        Paragraph("Pečieme v dobre vyhriatej rúre pri 180 stupňoch asi 35 minút dozlata. Krájame až vychladnuté."),
        Gap(20),
        Paragraph("Terezka, prepíš si to a originál mi vráť, je ešte od prastarej mamy. Pusu, teta Oľga"),
    ),
)
