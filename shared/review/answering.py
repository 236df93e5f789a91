"""From a request to an answer, and from what can go wrong to a page that says so."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping

from shared.errors import LedgerConflict, PermanentError, TransientError, UnknownDocument
from shared.review import pages, viewing
from shared.review.acting import act
from shared.review.desk import DOCUMENT_ID, Desk
from shared.review.exchange import Ask, Reply, View
from shared.review.gate import Refusal, refuse

logger = logging.getLogger(__name__)
RETRY_AFTER = "30"  # seconds
UNREACHABLE = Refusal(503, "Evidencia alebo úložisko teraz neodpovedá.", "Skúste to znova o chvíľu; nič sa nestratilo.")
UNFORESEEN = Refusal(500, "Nastala neočakávaná chyba.", "Skúste to znova alebo zavolajte správcovi systému.")
SERVES: Mapping[View, Callable[[Desk, Ask], Awaitable[Reply]]] = {
    View.WAITING: viewing.show_waiting,
    View.FAILED: viewing.show_failed,
    View.SCANS: viewing.show_scans,
    View.DECIDED: viewing.show_decided,
    View.DOCUMENT: viewing.show_document,
    View.ACT: act,
    View.PDF: viewing.show_pdf,
    View.SCAN: viewing.show_scan,
    View.SCAN_FILE: viewing.hand_over_scan,
    View.SCAN_PAGE: viewing.show_scanned_page,
    View.ASSET: viewing.show_asset,
}


async def answer(desk: Desk, view: View, ask: Ask) -> Reply:
    """Never raises: a person at a browser gets a page in Slovak."""
    refusal = refuse(ask, deed=view is View.ACT, desk_url=desk.desk_url)
    if refusal is None:
        try:
            return await SERVES[view](desk, ask)
        except UnknownDocument as error:
            refusal = _tell(404, error, "Taký dokument tu nie je.")
        except LedgerConflict as error:
            refusal = _tell(409, error, "Dokument sa medzitým zmenil. Otvorte ho znova.")
        except TransientError:
            refusal = UNREACHABLE
        except PermanentError as error:
            refusal = _tell(400, error, "To sa s dokumentom nedá urobiť.")
        except Exception:
            logger.exception("the desk failed to answer %s", view.value)
            refusal = UNFORESEEN
    return _show(desk, ask, refusal)


def _tell(status: int, error: UnknownDocument | LedgerConflict | PermanentError, otherwise: str) -> Refusal:
    """An error's `reason` falls back to its English text, which is for the log."""
    return Refusal(status, otherwise if error.reason == str(error) else error.reason, error.advice)


def _show(desk: Desk, ask: Ask, refusal: Refusal) -> Reply:
    document_id = ask.route.get("id", "")
    found = refusal.status not in (401, 404) and DOCUMENT_ID.fullmatch(document_id)
    return pages.render(
        "problem.html",
        status=refusal.status,
        headers={"Retry-After": RETRY_AFTER} if refusal is UNREACHABLE else None,
        base=desk.base,
        who=ask.who,
        office=desk.city.city.office,
        refusal=refusal,
        back=document_id if found else None,
    )
