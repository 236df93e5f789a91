"""Draws the pages of a plan as the scanner delivers them."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from PIL import Image

from samples.batches.attachments import ATTACHMENTS
from samples.batches.plan import Document, Leaf, Plan
from samples.batches.sheets import draw_label, draw_patch_sheet
from samples.rendering import marks
from samples.rendering.canvas import new_page
from samples.rendering.degradation import SEVERITIES, degrade, rotate_by
from samples.rendering.fonts import HANDWRITTEN
from samples.rendering.form import BLACK_INK, BLUE_INK, Form, Style
from samples.rendering.layout import number_pages, render_pages
from samples.rendering.letters import render_plain_text

SheetDrawer = Callable[[str | None, int], Image.Image]
"""Department id (None for the general sheet) and dpi to the clean page of a QR separator sheet."""
TURNS = {
    90: Image.Transpose.ROTATE_270,
    180: Image.Transpose.ROTATE_180,
    270: Image.Transpose.ROTATE_90,
}


@dataclass(slots=True)
class Drawer:
    """Draws one file's pages in order; a blank back shows the front drawn before it."""

    plan: Plan
    rng: np.random.Generator
    dpi: int
    sheet: SheetDrawer

    def draw_document(self, document: Document) -> list[Image.Image]:
        """The clean pages of a submission in another hand than the sample's, with its attachments."""
        form = document.sample.source
        if not isinstance(form, Form):
            raise TypeError(f"{document.sample.file} is no form: plan_documents must choose from SOURCES")
        numbered = False if document.numbered or document.attachments else form.numbered
        pages = render_pages(replace(form, style=self.vary_style(form), numbered=numbered), self.rng, self.dpi)
        for text in self.rng.permutation(len(ATTACHMENTS))[: document.attachments]:
            pages += render_plain_text(ATTACHMENTS[text], self.rng, form.style, dpi=self.dpi)
        if document.numbered:
            number_pages(pages, form.style.body, self.dpi)
        if document.label:
            draw_label(pages[0], document.label, self.dpi)
        return pages

    def vary_style(self, form: Form) -> Style:
        return replace(
            form.style,
            hand=HANDWRITTEN[int(self.rng.integers(len(HANDWRITTEN)))],
            hand_size=float(self.rng.uniform(13, 15)),
            haste=float(self.rng.uniform(0.8, 2.2)),
            ink=BLUE_INK if self.rng.random() < 0.6 else BLACK_INK,
        )

    def scan_leaves(self, documents: list[list[Image.Image]]) -> list[Image.Image]:
        scanned: list[Image.Image] = []
        front = new_page(self.dpi)
        for leaf in self.plan.leaves:
            match leaf.kind:
                case "document":
                    page = front = documents[(leaf.document or 1) - 1][leaf.part]
                case "separator":
                    page = front = self.draw_separator(leaf)
                case "blank":
                    page = self.draw_back(leaf, front)
            scanned.append(self.scan(page, leaf))
        return scanned

    def draw_separator(self, leaf: Leaf) -> Image.Image:
        if self.plan.cut == "patch-t":
            return draw_patch_sheet(self.dpi, with_text_code=bool(self.rng.random() < 0.5))
        return self.sheet(leaf.department, self.dpi)

    def draw_back(self, leaf: Leaf, front: Image.Image) -> Image.Image:
        page = new_page(self.dpi)
        if leaf.blank == "show-through":
            page = marks.show_through(page, front, float(self.rng.uniform(0.03, 0.13)))
        if leaf.blank == "holes":
            page = marks.punch_holes(page, self.dpi, self.rng, right=True)
        if leaf.blank == "staple":
            page = marks.staple(page, self.dpi, self.rng, right=True)
        if leaf.blank == "shadow":
            page = marks.edge_shadow(page, self.rng)
        return page

    def scan(self, page: Image.Image, leaf: Leaf) -> Image.Image:
        severity = SEVERITIES[self.plan.severity]
        grey = page.convert("L")
        if leaf.extra_skew:
            grey = Image.fromarray(rotate_by(np.asarray(grey), leaf.extra_skew, 255))
        if leaf.rotation:
            grey = grey.transpose(TURNS[leaf.rotation])
        return degrade(grey, severity, self.rng)
