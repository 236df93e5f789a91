"""The covering letter to an outside authority."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

from shared.departments import CityOffice


@dataclass(frozen=True)
class Letter:
    subject: str
    html: str


def covering_letter(
    office: CityOffice, authority: str, document_id: str, kind: str | None, received: str, link: str | None
) -> Letter:
    """Nothing in it comes from the document. `link` takes the place of an attachment that is too big.

    § 20 zákona č. 71/1967 Zb.: an office that is not competent forwards a submission to the one that is without delay
    and tells the party. A scan is a plain copy: without zaručená konverzia (zákon č. 305/2013 Z. z. § 35) it has not
    the effect of the original, and the letter says so.
    """
    what = f"podanie „{kind}“" if kind else "podanie"
    how = (
        "Naskenovaný dokument je v prílohe."
        if link is None
        else f'Dokument je pre e-mail príliš veľký; je uložený na adrese <a href="{escape(link)}">{escape(link)}</a>. '
        "Prístup Vám na požiadanie zriadi naša podateľňa."
    )
    paragraphs = (
        "Dobrý deň,",
        f"podľa § 20 zákona č. 71/1967 Zb. o správnom konaní (správny poriadok) Vám postupujeme {escape(what)}, "
        f"ktoré bolo nášmu úradu doručené {escape(received)}. Na jeho vybavenie nie sme vecne príslušní; patrí do "
        "pôsobnosti Vášho úradu.",
        how,
        "Ide o obyčajnú kópiu listiny, nie o zaručenú konverziu. Listinný originál zasielame poštou, ak oň požiadate.",
        f"Naše číslo dokumentu: {escape(document_id)}.",
        f"S pozdravom<br>Podateľňa<br>{escape(office.office)}<br>{escape(office.address)}",
    )
    subject = f"Postúpenie podania podľa § 20 správneho poriadku – {document_id}"
    body = f"<p>{escape(authority)}</p>" + "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return Letter(subject=subject, html=f'<html lang="sk"><body>{body}</body></html>')
