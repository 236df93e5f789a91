"""Tesseract in process: one engine kept per worker thread, Slovak data from the folder the settings name.

The wheel brings Tesseract 5 without OpenMP and without language data. Its data files are read-only and shared by the
page cache; an engine costs about 60 ms to make and 200 MB to keep, hence one a thread and no more threads than cores.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any, Self

import numpy as np
import tesserocr

from shared.errors import BadScan, ConfigurationError, UnreadableText
from shared.imaging.leaders import erase_leaders
from shared.imaging.pdfium import open_pdf
from shared.imaging.placement import PixelBox, Placement
from shared.imaging.preparation import NARROWING, Prepared, clean, find_lie, narrow, straighten, turn
from shared.imaging.rasters import Raster, read_page
from shared.imaging.unread import find_unread
from shared.model import DocumentText, Line, PageText
from shared.settings import Settings
from shared.tesseract_table import Reading, insert_lines, lies_on, parse_tsv

ENGINE = "tesseract"
LANGUAGE = "slk"
PAGE_SECONDS = 50  # a page of pure noise must not hold a worker; what was read until then is kept
POOR_CONFIDENCE = 0.5  # measured: degraded pages read at 0.53 and more, pages on their head at 0.34 and less
SURE = 0.6  # of a word first left out: most of what is read of stamps and scribbles is below, print rarely is
STRIP = 0.15  # share of the page's height read to tell head from foot

logger = logging.getLogger(__name__)


class Tesseract:
    """ports.Recognizer on tesserocr."""

    def __init__(self, tessdata: Path, workers: int) -> None:
        self._tessdata = tessdata
        self._workers = ThreadPoolExecutor(workers, thread_name_prefix="ocr")
        self._kept = threading.local()

    @classmethod
    def open(cls, settings: Settings) -> Self:
        """Raises ConfigurationError when the Slovak data is not where TESSDATA says."""
        folder = settings.tessdata
        if folder is None or not (folder / f"{LANGUAGE}.traineddata").is_file():
            raise ConfigurationError(
                [
                    f"setting TESSDATA: there is no {LANGUAGE}.traineddata in {folder}; install Slovak data "
                    "(Debian: apt-get install tesseract-ocr-slk) and set TESSDATA to its folder, "
                    "for example /usr/share/tesseract-ocr/5/tessdata"
                ]
            )
        return cls(folder, settings.ocr_workers)

    async def close(self) -> None:
        await asyncio.to_thread(self._workers.shutdown, cancel_futures=True)

    async def recognize(self, document_id: str, pdf: bytes, pages: list[int]) -> DocumentText:
        loop = asyncio.get_running_loop()
        try:
            with open_pdf(pdf) as document:
                jobs = [
                    loop.run_in_executor(self._workers, self._read_page, document, index, number)
                    for index, number in enumerate(pages)
                ]
                try:
                    read = await asyncio.gather(*jobs, return_exceptions=True)
                except asyncio.CancelledError:
                    await _drain(jobs)
                    raise
        except BadScan as error:
            raise UnreadableText(str(error), reason=error.reason, advice=error.advice) from error
        texts = [
            _unreadable(document_id, number, text) if isinstance(text, BaseException) else text
            for number, text in zip(pages, read, strict=True)
        ]
        return DocumentText(document_id=document_id, engine=ENGINE, pages=texts)

    def _read_page(self, document: Any, index: int, number: int) -> PageText:
        return self.read(read_page(document, index), number)

    def read(self, raster: Raster, number: int) -> PageText:
        """One page, in the thread of the caller."""
        prepared = clean(raster)
        lie = find_lie(prepared)
        quarters = 3 if lie.sideways else 0
        straight = straighten(turn(prepared, quarters) if quarters else prepared, lie.skew)
        straight = replace(straight, grey=erase_leaders(straight.grey, straight.dpi))
        reading = None if lie.sideways else self._recognize(straight)
        if reading is None or reading.confidence < POOR_CONFIDENCE:
            if self._stands_on_its_head(straight):
                quarters, straight, reading = (quarters + 2) % 4, turn(straight, 2), None
            reading = reading or self._recognize(straight)
        lines = insert_lines(reading.lines, self._look_again(straight, reading))
        return PageText(page=number, lines=lines, rotation=90 * quarters, skew=round(lie.skew, 2))

    def _engine(self) -> tesserocr.PyTessBaseAPI:
        engine = getattr(self._kept, "engine", None)
        if engine is None:
            engine = tesserocr.PyTessBaseAPI(path=str(self._tessdata), lang=LANGUAGE, psm=tesserocr.PSM.AUTO)
            engine.SetVariable("debug_file", "/dev/null")
            self._kept.engine = engine
        return engine

    def _recognize(self, picture: Prepared, part: PixelBox | None = None) -> Reading:
        """The whole picture, or one block of text on it."""
        engine = self._engine()
        height, width = picture.grey.shape
        left, top, across, down = part or (0, 0, width, height)
        engine.SetPageSegMode(tesserocr.PSM.SINGLE_BLOCK if part else tesserocr.PSM.AUTO)
        _show(engine, replace(picture, grey=picture.grey[top : top + down, left : left + across]))
        if not engine.Recognize(1000 * PAGE_SECONDS):
            logger.warning("the OCR engine gave up on a page after %d s", PAGE_SECONDS)
        placement = Placement(width, height, picture.skew)
        reading = parse_tsv(engine.GetTSVText(0), placement, widening=1 / NARROWING, origin=(left, top))
        engine.Clear()
        return reading

    def _look_again(self, picture: Prepared, reading: Reading) -> Iterator[Line]:
        """What the engine left out, shown to it alone; only what it is sure of, since scribbles were left out too."""
        for part in find_unread(picture.grey, picture.dpi, reading.boxes):
            again = self._recognize(picture, part)
            boxes = iter(again.boxes)
            for line in again.lines:
                new = [word for word in line.words if not lies_on(next(boxes), reading.boxes)]
                sure = [word for word in new if word.confidence >= SURE]
                if 2 * len(sure) > len(line.words):
                    yield Line(words=sure)

    def _stands_on_its_head(self, picture: Prepared) -> bool:
        """Reads the strip with most ink, both ways when in doubt, and compares how sure the engine is."""
        tall = max(1, round(picture.grey.shape[0] * STRIP))
        ink = np.cumsum(np.concatenate(([0], 255.0 - picture.grey.mean(axis=1))))
        top = int(np.argmax(ink[tall:] - ink[:-tall]))
        strip = Prepared(picture.grey[top : top + tall], picture.dpi, 0.0)
        sure = self._recognize(strip).confidence
        return sure < POOR_CONFIDENCE and self._recognize(turn(strip, 2)).confidence > sure


def _show(engine: tesserocr.PyTessBaseAPI, picture: Prepared) -> None:
    seen = narrow(picture)
    height, width = seen.shape
    engine.SetImageBytes(seen.tobytes(), width, height, 1, width)
    engine.SetSourceResolution(picture.dpi)


async def _drain(jobs: list[asyncio.Future[PageText]]) -> None:
    """Wait for pages already being read before the document under them is closed."""
    for job in jobs:
        job.cancel()
    await asyncio.gather(*jobs, return_exceptions=True)


def _unreadable(document_id: str, number: int, error: BaseException) -> PageText:
    if not isinstance(error, Exception):
        raise error
    logger.warning("page %d of document %s could not be read: %s", number, document_id, type(error).__name__)
    return PageText(page=number, lines=[], error=type(error).__name__)
