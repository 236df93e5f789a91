"""What every OCR engine owes the recognition stage, the fake included."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from local.document_intelligence import DocumentIntelligence as StandIn
from local.tessdata import find_tessdata
from shared.adapters.document_intelligence import DocumentIntelligence
from shared.adapters.tesseract import Tesseract
from shared.errors import UnreadableText
from shared.model import DocumentText
from shared.ports import Recognizer
from tests.fakes_recognition import ReadingRecognizer
from tests.integration.test_document_intelligence import settings_for

pytestmark = pytest.mark.slow
TREES = Path(__file__).parents[2] / "samples" / "05-ziadost-o-vyrub-drevin.pdf"


@pytest.fixture(params=["tesseract", "document-intelligence", "fake"])
async def recognizer(request: pytest.FixtureRequest) -> AsyncIterator[Recognizer]:
    async with AsyncExitStack() as stack:
        if request.param == "tesseract":
            tesseract = Tesseract(find_tessdata(), workers=2)
            stack.push_async_callback(tesseract.close)
            yield tesseract
        elif request.param == "document-intelligence":
            service = StandIn()
            await service.start()
            stack.push_async_callback(service.stop)
            adapter = DocumentIntelligence.connect(settings_for(service.url), None)
            stack.push_async_callback(adapter.close)
            yield adapter
        else:
            yield ReadingRecognizer()


async def read(recognizer: Recognizer) -> DocumentText:
    return await recognizer.recognize("20261120-ABCDEFGH-1", TREES.read_bytes(), [3, 8])


async def test_the_text_belongs_to_the_document_and_its_pages_in_order(recognizer: Recognizer) -> None:
    text = await read(recognizer)
    assert text.document_id == "20261120-ABCDEFGH-1"
    assert [page.page for page in text.pages] == [3, 8]
    assert text.engine


async def test_every_page_that_has_text_says_its_words(recognizer: Recognizer) -> None:
    assert all("Žiados" in page.text or len(page.text) > 200 for page in (await read(recognizer)).pages)


async def test_every_word_lies_on_the_page_and_has_a_confidence(recognizer: Recognizer) -> None:
    words = [word for page in (await read(recognizer)).pages for line in page.lines for word in line.words]
    for word in words:
        left, top, right, bottom = word.box
        assert 0 <= left < right <= 1
        assert 0 <= top < bottom <= 1
        assert 0 <= word.confidence <= 1
        assert word.text == word.text.strip() != ""


async def test_lines_come_without_empty_ones(recognizer: Recognizer) -> None:
    assert all(line.words for page in (await read(recognizer)).pages for line in page.lines)


async def test_what_is_no_document_is_refused_for_good_with_a_slovak_reason(recognizer: Recognizer) -> None:
    with pytest.raises(UnreadableText) as caught:
        await recognizer.recognize("D-1", b"not a document", [1])
    assert caught.value.permanent
    assert caught.value.reason != str(caught.value)
