"""HTML out of templates/: everything that comes from a document, a scanner or a person is escaped."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from shared.review.exchange import Reply
from shared.review.gate import FILE_HEADERS, HEADERS, PAGE_HEADERS
from shared.review.words import count

if TYPE_CHECKING:
    from jinja2 import Environment

HERE = Path(__file__).resolve().parent
ASSETS = {"stol.css": "text/css", "stol.js": "text/javascript"}


@cache
def _templates() -> Environment:
    """Imported here, since a cold start of another stage need not pay for it."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    loader = FileSystemLoader(HERE / "templates")
    templates = Environment(
        loader=loader,
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    templates.globals["count"] = count
    return templates


def render(template: str, *, status: int = 200, headers: dict[str, str] | None = None, **values: Any) -> Reply:
    html = _templates().get_template(template).render(**values)
    return Reply(html.encode(), status=status, headers={**PAGE_HEADERS, **(headers or {})})


def redirect(address: str) -> Reply:
    """After a deed the browser fetches the next page, so that a reload repeats nothing."""
    return Reply(b"", status=303, headers={**HEADERS, "Location": address})


def show_file(data: bytes, mimetype: str, name: str) -> Reply:
    """To be shown within a page of the desk."""
    return Reply(data, mimetype=mimetype, headers={**FILE_HEADERS, "Content-Disposition": _named("inline", name)})


def hand_over(data: bytes, name: str) -> Reply:
    """To be saved: what was refused is never opened under the desk's address."""
    headers = {**FILE_HEADERS, "Content-Disposition": _named("attachment", name)}
    return Reply(data, mimetype="application/octet-stream", headers=headers)


def asset(name: str) -> Reply | None:
    if name not in ASSETS:
        return None
    data = (HERE / "assets" / name).read_bytes()
    return Reply(data, mimetype=ASSETS[name], headers={**HEADERS, "Cache-Control": "private, max-age=300"})


def _named(disposition: str, name: str) -> str:
    """RFC 6266: a plain name for old clients, the real one percent-encoded."""
    plain = "".join(c if c.isascii() and (c.isalnum() or c in "-_. ") else "_" for c in name)
    return f"{disposition}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
