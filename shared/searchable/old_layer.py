"""Takes an earlier invisible text layer off a scanned page: a scanner's own OCR would double or garble the search."""

from __future__ import annotations

from typing import Any

import pikepdf

SHOWS_TEXT = frozenset({"Tj", "TJ", "'", '"'})
INVISIBLE = 3


def without_invisible_text(document: pikepdf.Pdf, page: pikepdf.Page) -> None:
    if "/Font" not in (page.obj.get("/Resources") or {}):
        return
    kept: list[Any] = []
    mode, outer, dropped = 0, list[int](), False
    instructions: Any = pikepdf.parse_content_stream(page)
    for instruction in instructions:
        operator = str(instruction.operator)
        if operator == "q":
            outer.append(mode)
        elif operator == "Q" and outer:
            mode = outer.pop()
        elif operator == "Tr":
            mode = int(instruction.operands[0])
        if operator in SHOWS_TEXT and mode == INVISIBLE:
            dropped = True
        else:
            kept.append(instruction)
    if dropped:
        page.obj.Contents = document.make_stream(pikepdf.unparse_content_stream(kept))
