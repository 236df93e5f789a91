"""The adapter of Document Intelligence against the stand-in, through the real SDK."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path

import pikepdf
import pytest

from local.document_intelligence import DocumentIntelligence as StandIn
from shared.adapters.document_intelligence import DocumentIntelligence
from shared.errors import TransientError, UnreadableText
from shared.model import PageText
from shared.settings import Settings

pytestmark = pytest.mark.slow
SAMPLE = Path(__file__).parents[2] / "samples" / "05-ziadost-o-vyrub-drevin.pdf"


def settings_for(url: str) -> Settings:
    return Settings.model_validate(
        {
            "STORAGE": "x",
            "SERVICEBUS": "x",
            "REVIEW_DESK_URL": "http://127.0.0.1",
            "DOCUMENT_INTELLIGENCE_ENDPOINT": url,
            "DOCUMENT_INTELLIGENCE_KEY": "key",
            "OCR_POLL_SECONDS": 0.05,
        }
    )


@pytest.fixture
async def service() -> AsyncIterator[StandIn]:
    service = StandIn()
    await service.start()
    yield service
    await service.stop()


@pytest.fixture
async def recognizer(service: StandIn) -> AsyncIterator[DocumentIntelligence]:
    adapter = DocumentIntelligence.connect(settings_for(service.url), None)
    yield adapter
    await adapter.close()


async def test_reads_slovak_words_with_their_place_on_the_page(recognizer: DocumentIntelligence) -> None:
    text = await recognizer.recognize("D-1", SAMPLE.read_bytes(), [4, 7])
    assert (text.engine, [page.page for page in text.pages]) == ("document-intelligence", [4, 7])
    city = next(word for line in text.pages[0].lines for word in line.words if word.text == "Bystrica")
    left, top, right, bottom = city.box
    assert 0.2 < left < right < 0.4
    assert 0.03 < top < bottom < 0.12


async def test_a_page_on_its_side_has_its_boxes_on_the_upright_page(recognizer: DocumentIntelligence) -> None:
    upright = await recognizer.recognize("D-1", SAMPLE.read_bytes(), [1, 2])
    with pikepdf.open(SAMPLE) as pdf:
        for page in pdf.pages:
            page.rotate(90, relative=True)
        out = io.BytesIO()
        pdf.save(out)
    turned = await recognizer.recognize("D-1", out.getvalue(), [1, 2])
    assert [page.rotation for page in turned.pages] == [270, 270]
    before, after = (places_of_single_words(text.pages[1]) for text in (upright, turned))
    both = before.keys() & after.keys()
    assert len(both) > 30
    for word in both:
        assert after[word] == pytest.approx(before[word], abs=0.02)


def places_of_single_words(page: PageText) -> dict[str, tuple[float, float, float, float]]:
    words = [word for line in page.lines for word in line.words]
    counts = Counter(word.text for word in words)
    return {word.text: word.box for word in words if counts[word.text] == 1 and len(word.text) > 4}


@pytest.mark.parametrize("trouble", ["throttled", "unavailable"])
async def test_a_short_retry_after_is_waited_for(
    recognizer: DocumentIntelligence, service: StandIn, trouble: str
) -> None:
    service.trouble(analyze=[trouble], retry_after=1)
    text = await recognizer.recognize("D-1", SAMPLE.read_bytes(), [1, 2])
    assert len(text.pages) == 2
    assert service.requests.count("analyze") == 2


async def test_a_long_retry_after_is_left_to_the_deferred_retry(
    recognizer: DocumentIntelligence, service: StandIn
) -> None:
    service.trouble(analyze=["throttled"], retry_after=120)
    with pytest.raises(TransientError) as caught:
        await recognizer.recognize("D-1", SAMPLE.read_bytes(), [1, 2])
    assert caught.value.retry_after == 120
    assert service.requests == ["analyze"]


async def test_a_throttled_poll_does_not_pay_for_the_analysis_again(
    recognizer: DocumentIntelligence, service: StandIn
) -> None:
    service.trouble(poll=["throttled"], retry_after=1)
    await recognizer.recognize("D-1", SAMPLE.read_bytes(), [1, 2])
    assert service.requests.count("analyze") == 1


@pytest.mark.parametrize("trouble", ["invalid-content", "invalid-dimensions"])
async def test_a_refused_document_is_unreadable_with_a_slovak_reason(
    recognizer: DocumentIntelligence, service: StandIn, trouble: str
) -> None:
    service.trouble(analyze=[trouble])
    with pytest.raises(UnreadableText) as caught:
        await recognizer.recognize("D-1", SAMPLE.read_bytes(), [1, 2])
    assert "služb" in caught.value.reason


async def test_bytes_that_are_no_document_are_unreadable(recognizer: DocumentIntelligence) -> None:
    with pytest.raises(UnreadableText):
        await recognizer.recognize("D-1", b"not a document at all", [1])


@pytest.mark.parametrize("trouble", ["internal", "forbidden", "not-found"])
async def test_a_fault_of_the_service_may_pass(
    recognizer: DocumentIntelligence, service: StandIn, trouble: str
) -> None:
    service.trouble(analyze=[trouble])
    with pytest.raises(TransientError):
        await recognizer.recognize("D-1", SAMPLE.read_bytes(), [1, 2])


async def test_a_service_that_is_not_there_may_come_back() -> None:
    adapter = DocumentIntelligence.connect(settings_for("http://127.0.0.1:9"), None)
    try:
        with pytest.raises(TransientError, match="does not answer"):
            await adapter.recognize("D-1", b"%PDF-1.4", [1])
    finally:
        await adapter.close()
