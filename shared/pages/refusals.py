"""The reasons for which a file or a page is refused, in the words a clerk reads."""

from __future__ import annotations

from shared.errors import BadScan

RESCAN = "Naskenujte dokument znova."
ASK_SENDER = "Vyžiadajte si od odosielateľa iný súbor alebo dokument vytlačte a naskenujte."
SPLIT = "Rozdeľte sken na menšie časti a vložte ich znova."

LOST_PAGE = "Stranu sa nepodarilo prečítať, v súbore je poškodená."
HUGE_PAGE = "Strana má nezvyčajne veľké rozmery obrázka, preto sa nespracovala."
SWOLLEN_PAGE = "Obsah strany sa rozbalí na nezvyčajne veľký objem, preto sa nespracoval."
CUT_PAGE = "Obrázok strany je neúplný, koniec mu chýba."
STUCK_PAGE = "Stranu sa nepodarilo prečítať v určenom čase."


def empty() -> BadScan:
    return BadScan("the file is empty", reason="Súbor je prázdny (0 bajtov).", advice=RESCAN)


def too_large(size: int, limit: int) -> BadScan:
    return BadScan(
        f"the file has {size} bytes, MAX_FILE_BYTES is {limit}",
        reason=f"Súbor má {size // 2**20} MB, najviac sa prijíma {limit // 2**20} MB.",
        advice=SPLIT,
    )


def unknown_format(foreign: str) -> BadScan:
    what = f"Súbor nie je sken, je to {foreign}." if foreign else "Súbor nie je sken v známom formáte."
    return BadScan(
        "the content is none of the accepted formats",
        reason=what,
        advice="Prijímajú sa súbory PDF, TIFF, JPEG, PNG, BMP, HEIC a WebP. " + ASK_SENDER,
    )


def damaged(detail: str) -> BadScan:
    return BadScan(f"damaged: {detail}", reason="Súbor je poškodený a nedá sa opraviť.", advice=RESCAN)


def truncated(detail: str) -> BadScan:
    return BadScan(
        f"truncated: {detail}",
        reason="Súbor je neúplný, jeho koniec chýba (prenos sa zrejme prerušil).",
        advice=RESCAN,
    )


def locked() -> BadScan:
    return BadScan(
        "encrypted with an unknown user password; add it to PDF_PASSWORDS if it may be known",
        reason="Súbor PDF je chránený heslom.",
        advice="Vyžiadajte si od odosielateľa súbor bez hesla.",
    )


def no_pages() -> BadScan:
    return BadScan("the file holds no page", reason="Súbor nemá žiadnu stranu.", advice=RESCAN)


def too_many_pages(count: int, limit: int) -> BadScan:
    return BadScan(
        f"the file has {count} pages, MAX_PAGES is {limit}",
        reason=f"Súbor má {count} strán, najviac sa prijíma {limit}.",
        advice=SPLIT,
    )


def too_big_image(width: int, height: int, limit: int) -> BadScan:
    return BadScan(
        f"an image of {width} × {height} pixels, MAX_PAGE_PIXELS is {limit}",
        reason=f"Obrázok má {width} × {height} bodov, čo je viac, než sa prijíma.",
        advice="Naskenujte dokument s rozlíšením 300 dpi.",
    )


def dynamic_form() -> BadScan:
    return BadScan(
        "a dynamic XFA form holds no pages until Adobe Reader draws them",
        reason="Súbor je elektronický formulár, ktorý sa zobrazí len v programe Adobe Reader.",
        advice="Formulár v ňom otvorte, vytlačte a naskenujte.",
    )


def too_demanding() -> BadScan:
    return BadScan(
        "the file stopped the page worker repeatedly or needs more time or memory than allowed",
        reason="Súbor sa nedá spracovať v určenom čase a pamäti.",
        advice="Dokument vytlačte a naskenujte znova.",
    )


def nothing_readable(reasons: set[str]) -> BadScan:
    """When every page is bad: for the one reason they share, or in general."""
    reason = reasons.pop() if len(reasons) == 1 else "V súbore sa nedá prečítať ani jedna strana."
    return BadScan("no page can be read", reason=reason, advice=RESCAN)


def nothing_but(blanks: int, separators: int) -> BadScan:
    what = {
        (True, False): "iba prázdne strany",
        (False, True): "iba oddeľovacie hárky",
        (True, True): "iba prázdne strany a oddeľovacie hárky",
    }[blanks > 0, separators > 0]
    return BadScan(
        f"no document: {blanks} blank pages, {separators} separators",
        reason=f"Súbor obsahuje {what}, žiadny dokument.",
        advice="Skontrolujte, či papiere neležali v podávači opačnou stranou.",
    )
