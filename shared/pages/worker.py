"""The page worker: a child process that does what hostile files make dangerous. One JSON line in, JSON lines out.

A request is `{"task": name, …}`; the answers to it are any number of `{"page": …}` and `{"finding": …}` and one last
line, `{"done": …}` or `{"refused": {"message", "reason", "advice"}}`. Started by `workbench`.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from shared.errors import BadScan
from shared.pages import refusals
from shared.pages.findings import Finding, Limits, Prepared
from shared.pages.formats import HEAD, Format, describe_foreign, sniff

Answer = Callable[[dict[str, Any]], None]

CHUNK = 20  # frames of an image file held in memory at once
WHOLE = "pages.pdf"


def main() -> None:
    """Serve requests on standard input until it closes; `sys.argv[1]` is the limit of memory in bytes."""
    _limit_memory(int(sys.argv[1]))
    import cv2

    cv2.setNumThreads(1)
    out, sys.stdout = sys.stdout, sys.stderr  # a library that prints must not break the protocol

    def answer(line: dict[str, Any]) -> None:
        out.write(json.dumps(line) + "\n")
        out.flush()

    for request in sys.stdin:
        serve(json.loads(request), answer)


def serve(request: dict[str, Any], answer: Answer) -> None:
    task = TASKS[request.pop("task")]
    try:
        answer({"done": task(answer=answer, **request)})
    except BadScan as refusal:
        answer({"refused": _words(refusal)})
    except MemoryError:
        answer({"refused": _words(refusals.too_demanding())})
    except Exception as error:
        # Parsers of hostile files fail in ways nobody can list; each of them means that the file is damaged.
        answer({"refused": _words(refusals.damaged(f"{type(error).__name__}: {error}"))})


def _words(refusal: BadScan) -> dict[str, str]:
    return {"message": str(refusal), "reason": refusal.reason, "advice": refusal.advice}


def _limit_memory(limit: int) -> None:
    with suppress(ImportError, ValueError, OSError):  # Windows has no such limit
        import resource

        resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))


def prepare(*, source: str, folder: str, limits: dict[str, Any], answer: Answer) -> dict[str, Any]:
    """Turn the file into `folder`/pages.pdf."""
    from shared.pages.documents import prepare_pdf

    allowed, path, work = Limits.model_validate(limits), Path(source), Path(folder)
    with path.open("rb") as file:
        head = file.read(HEAD)
    form = sniff(head)
    if not head:
        raise refusals.empty()
    if form is None:
        raise refusals.unknown_format(describe_foreign(head))
    if form is Format.PDF:
        return prepare_pdf(path, work / WHOLE, allowed).model_dump()
    return _prepare_images(path, form, work, allowed).model_dump()


def _prepare_images(path: Path, form: Format, work: Path, limits: Limits) -> Prepared:
    import pikepdf

    from shared.pages.documents import A4_BOX, join
    from shared.pages.images import pages_of

    chunks: list[Path] = []
    bad: dict[int, str] = {}
    pending, count = pikepdf.new(), 0
    for count, page in enumerate(pages_of(path, form, limits), 1):
        if isinstance(page, str):
            bad[count] = page
            pending.add_blank_page(page_size=A4_BOX[2:])
        else:
            pending.pages.extend(page.pages)
        if count % CHUNK == 0:
            chunks.append(_flush(pending, work, len(chunks)))
            pending = pikepdf.new()
    if not count:
        raise refusals.no_pages()
    if len(pending.pages):
        chunks.append(_flush(pending, work, len(chunks)))
    if len(chunks) == 1:
        chunks[0].rename(work / WHOLE)
    else:
        join(chunks, work / WHOLE)
        for chunk in chunks:
            chunk.unlink()
    return Prepared(format=form, pages=count, bad=bad)


def _flush(pending: Any, work: Path, number: int) -> Path:
    chunk = work / f"chunk-{number}.pdf"
    with pending:
        pending.save(chunk, deterministic_id=True)
    return chunk


def examine(*, folder: str, pages: list[int], answer: Answer) -> int:
    """Answer with a finding for each page, and leave its thumbnail in `folder`."""
    from shared.pages.looking import look_at
    from shared.pages.raster import Gallery, thumbnail
    from shared.pages.views import View

    with Gallery(Path(folder) / WHOLE) as gallery:
        for page in pages:
            answer({"page": page})
            try:
                picture = gallery.picture(page)
                view = View(picture.grey, picture.dpi)
                (Path(folder) / f"{page}.jpg").write_bytes(thumbnail(view.small))
                finding = look_at(page, view)
            except Exception:
                finding = Finding(page=page, bad=refusals.LOST_PAGE)
            answer({"finding": finding.model_dump()})
    return len(pages)


def cut_out(*, folder: str, pages: list[int], target: str, answer: Answer) -> int:
    """Write these pages as `folder`/`target`."""
    from shared.pages.documents import cut

    path = Path(folder) / target
    cut(Path(folder) / WHOLE, pages, path)
    return path.stat().st_size


TASKS: dict[str, Callable[..., Any]] = {"prepare": prepare, "examine": examine, "cut": cut_out}

if __name__ == "__main__":
    main()
