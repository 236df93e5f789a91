"""What one page holds: first whether it separates, then whether it is blank, then its own numbers."""

from __future__ import annotations

from shared.pages.account import AFTER_PATCH, AFTER_SHEET, PATCH_ON_PAGE
from shared.pages.blanks import is_blank
from shared.pages.codes import numbers_in, read_codes, sheet_in
from shared.pages.findings import Finding
from shared.pages.patch import find_patches
from shared.pages.raster import Grey


def look_at(page: int, grey: Grey, dpi: float) -> Finding:
    """The finding for the page that `grey` shows at `dpi` dots an inch."""
    if is_blank(grey, dpi):
        return Finding(page=page, blank=True)
    texts = read_codes(grey)
    is_sheet, department = sheet_in(texts)
    if is_sheet:
        return Finding(page=page, separator=True, department=department, rests_on=AFTER_SHEET)
    patches, with_text = find_patches(grey, dpi)
    codes = numbers_in(texts)
    if patches:
        return Finding(
            page=page, separator=not with_text, rests_on=PATCH_ON_PAGE if with_text else AFTER_PATCH, codes=codes
        )
    return Finding(page=page, codes=codes)
