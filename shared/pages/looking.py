"""What one page holds: first whether it separates, then whether it is blank, then its own numbers."""

from __future__ import annotations

from shared.pages.account import AFTER_PATCH, AFTER_SHEET, PATCH_ON_PAGE
from shared.pages.blanks import is_blank
from shared.pages.codes import numbers_in, read_codes, sheet_in
from shared.pages.findings import Finding
from shared.pages.patch import find_patches
from shared.pages.raster import Grey
from shared.pages.stripes import has_stripes


def look_at(page: int, grey: Grey, dpi: float) -> Finding:
    """The finding for the page that `grey` shows at `dpi` dots an inch."""
    found = read_codes(grey)
    is_sheet, department = sheet_in(found)
    if is_sheet:
        return Finding(page=page, separator=True, department=department, rests_on=AFTER_SHEET)
    codes = numbers_in(found)
    patches, with_text = find_patches(grey, dpi)
    if patches and with_text:
        return Finding(page=page, rests_on=PATCH_ON_PAGE, codes=codes)
    if patches:
        return Finding(page=page, separator=True, rests_on=AFTER_PATCH)
    # After the separators: the worn bars of a patch sheet could be taken for folds.
    if not found and is_blank(grey, dpi):
        return Finding(page=page, blank=True)
    return Finding(page=page, codes=codes, unread_code=not found and has_stripes(grey, dpi))
