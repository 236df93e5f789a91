"""What one page holds: first whether it separates, then whether it is blank, then its own numbers."""

from __future__ import annotations

from shared.pages.account import AFTER_PATCH, AFTER_SHEET, PATCH_ON_PAGE
from shared.pages.blanks import is_blank
from shared.pages.codes import department_of, numbers_in, read_codes, sheets_in
from shared.pages.findings import Finding
from shared.pages.patch import find_patches, is_printed_here
from shared.pages.stripes import Stripes
from shared.pages.views import View


def look_at(page: int, view: View) -> Finding:
    """The finding for the page that is seen."""
    stripes = Stripes(view)
    found = read_codes(view, stripes)
    sheets, numbers = sheets_in(found), numbers_in(found)
    patches, with_text = find_patches(view)
    marks = [code.box for code in sheets] + [patch.box(view) for patch in patches]
    if marks and not is_printed_here(view, marks):
        return Finding(page=page, blank=is_blank(view))
    if sheets:
        return Finding(page=page, separator=True, department=department_of(sheets), rests_on=AFTER_SHEET)
    if patches and with_text:
        return Finding(page=page, rests_on=PATCH_ON_PAGE, codes=numbers)
    if patches:
        return Finding(page=page, separator=True, rests_on=AFTER_PATCH)
    # After the separators: the worn bars of a patch sheet could be taken for folds.
    if not found and is_blank(view):
        return Finding(page=page, blank=True)
    return Finding(page=page, codes=numbers, unread_code=not found and stripes.hold_a_code())
