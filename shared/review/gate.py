"""Who may ask what, and the headers that keep an answer where it belongs.

App Service authentication ("Easy Auth") stands before the desk: it signs people in with Entra ID, drops a header
X-MS-CLIENT-PRINCIPAL-NAME that a client sent and sets its own
(https://learn.microsoft.com/azure/app-service/configure-authentication-user-identities). Who comes without it is
refused. Everyone who may sign in sees every document; infra decides who that is.

A deed (POST) must come from the desk's own page, or any page that a signed-in clerk visits could send one along
with the clerk's cookie. Browsers say where a request comes from, and a page cannot forge it: Sec-Fetch-Site
(https://www.w3.org/TR/fetch-metadata/), in older browsers Origin. A POST with neither is refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from shared.review.exchange import Ask

# A deed after the sign-in ran out is redirected there; without it the browser would stop in silence.
SIGN_IN = "https://login.microsoftonline.com"
POLICY = {
    "default-src": "'none'",
    "style-src": "'self'",
    "script-src": "'self'",
    "img-src": "'self'",
    "frame-src": "'self'",
    "form-action": f"'self' {SIGN_IN}",
    "base-uri": "'none'",
    "frame-ancestors": "'self'",
}
HEADERS: Mapping[str, str] = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "SAMEORIGIN",
    "Referrer-Policy": "same-origin",  # `no-referrer` would take the Origin from our own forms
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "X-Robots-Tag": "noindex",
}
PAGE_HEADERS: Mapping[str, str] = {
    **HEADERS,
    "Content-Security-Policy": "; ".join(f"{name} {value}" for name, value in POLICY.items()),
}
# A browser's PDF viewer brings styles and scripts of its own, which a stricter policy would take from it.
FILE_HEADERS: Mapping[str, str] = {**HEADERS, "Content-Security-Policy": "frame-ancestors 'self'"}


@dataclass(frozen=True)
class Refusal:
    status: int
    reason: str
    advice: str


NOT_SIGNED_IN = Refusal(401, "Nie ste prihlásený.", "Prihláste sa pracovným kontom a otvorte stránku znova.")
FOREIGN = Refusal(
    403,
    "Požiadavka neprišla zo stránky tohto stola, preto sa nevykonala.",
    "Otvorte dokument znova a rozhodnite tam.",
)


def refuse(ask: Ask, *, deed: bool, desk_url: str) -> Refusal | None:
    """None when the request may pass."""
    if not ask.who.strip():
        return NOT_SIGNED_IN
    if deed and not _same_origin(ask, desk_url):
        return FOREIGN
    return None


def _same_origin(ask: Ask, desk_url: str) -> bool:
    if ask.fetch_site:
        return ask.fetch_site == "same-origin"
    here = urlsplit(desk_url)
    return ask.origin == f"{here.scheme}://{here.netloc}"
