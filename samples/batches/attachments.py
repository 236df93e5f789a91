"""Pages that follow a form: they have no form title and belong to what stands before them."""

ATTACHMENTS = (
    """Príloha: opis súčasného stavu

Objekt bol naposledy opravovaný v roku 2009. Obvodové murivo je suché, bez viditeľných trhlín, omietka na severnej \
strane je miestami zvetraná. Okapový chodník chýba v dĺžke asi štyroch metrov. Prístup k objektu je zo spevnenej \
plochy, ktorú užívajú všetci obyvatelia vchodu.

Pri obhliadke sa zistilo, že dažďová voda steká na susedný pozemok. Odporúčame doplniť žľab a napojiť ho na \
jestvujúci zvod. Práce možno vykonať bez obmedzenia chôdze, predpokladaný čas je tri pracovné dni.

Fotografie sú uložené u žiadateľa a na požiadanie ich predloží. Stav zaznamenala poverená osoba za prítomnosti \
zástupcu vlastníkov, ktorý k zápisu nemal pripomienky.
""",
    """Príloha: zoznam osôb, ktoré súhlasia

Podpísaní súhlasia s obsahom podania a splnomocňujú predkladateľa, aby za nich prijímal písomnosti. Súhlas platí do \
skončenia veci a možno ho kedykoľvek písomne odvolať.

1. Alžbeta Mĺkva, súhlasí
2. Ondrej Ťažký, súhlasí
3. Zuzana Vŕšková, súhlasí s pripomienkou k termínu
4. Dominik Žiška, súhlasí
5. Ľubica Hôrna, súhlasí
6. Kamil Štôlňa, neprítomný, súhlas doručí dodatočne

Za správnosť zoznamu zodpovedá predkladateľ. Počet podpisov: päť.
""",
    """Príloha: časový a vecný harmonogram

prvý týždeň: príprava miesta, zameranie, objednanie materiálu
druhý týždeň: hlavné práce, denná kontrola, odvoz odpadu na skládku
tretí týždeň: dokončenie, vyčistenie okolia, odovzdanie
štvrtý týždeň: rezerva pre nepriaznivé počasie

Celkové náklady nepresiahnu predpokladanú sumu o viac ako desať percent. Každá zmena sa vopred prerokuje a zapíše. \
Zodpovedná osoba je dostupná na telefóne 0900 000 200 počas pracovných dní od ôsmej do šestnástej hodiny.
""",
)
