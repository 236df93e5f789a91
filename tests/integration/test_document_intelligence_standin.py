"""The real azure-ai-formrecognizer SDK, sync and aio, against the Document Intelligence stand-in."""

from __future__ import annotations

import asyncio
import io
import logging
from collections.abc import AsyncIterator, Mapping
from pathlib import Path

import pytest
from azure.ai.formrecognizer import AnalyzeResult, DocumentAnalysisClient
from azure.ai.formrecognizer.aio import DocumentAnalysisClient as AsyncClient
from azure.core.credentials import AzureKeyCredential
from azure.core.exceptions import HttpResponseError
from PIL import Image

from local.document_intelligence import DocumentIntelligence

pytestmark = pytest.mark.slow
SAMPLES = Path(__file__).parents[2] / "samples"
PDF = SAMPLES / "01-ohlasenie-drobnej-stavby.pdf"
TIFF = SAMPLES / "02-priznanie-k-dani-z-nehnutelnosti.tif"
JPEG = SAMPLES / "03-ohlasenie-psa.jpg"
PNG = SAMPLES / "06-ziadost-o-rozkopavku.png"


@pytest.fixture(scope="module", autouse=True)
def quiet() -> None:
    logging.getLogger("azure").setLevel(logging.ERROR)


@pytest.fixture
async def server() -> AsyncIterator[DocumentIntelligence]:
    server = DocumentIntelligence()
    await server.start()
    yield server
    await server.stop()


def client_of(server: DocumentIntelligence, retries: int = 0) -> AsyncClient:
    return AsyncClient(server.url, AzureKeyCredential("any"), polling_interval=0.1, retry_total=retries)


def scan(path: Path) -> bytes:
    return path.read_bytes()


async def read(server: DocumentIntelligence, data: bytes, retries: int = 0, pages: str | None = None) -> AnalyzeResult:
    async with client_of(server, retries) as client:
        options = {"pages": pages} if pages else {}
        poller = await client.begin_analyze_document("prebuilt-read", data, **options)
        return await poller.result()


@pytest.mark.parametrize(
    ("sample", "title", "unit"),
    [
        (PDF, "OHLÁSENIE DROBNEJ STAVBY", "inch"),
        (JPEG, "PSA", "pixel"),
        (PNG, "ROZKOPÁVKU", "pixel"),
    ],
)
async def test_slovak_print_is_read_from_pdf_and_pictures(
    server: DocumentIntelligence, sample: Path, title: str, unit: str
) -> None:
    result = await read(server, scan(sample))
    assert title in result.content.upper()
    page = result.pages[0]
    assert page.unit == unit
    points = [point for word in page.words for point in word.polygon]
    assert 0 <= min(point.x for point in points) <= max(point.x for point in points) <= (page.width or 0)
    assert 0 <= min(point.y for point in points) <= max(point.y for point in points) <= (page.height or 0)


async def test_spans_cut_the_words_and_lines_out_of_the_content(server: DocumentIntelligence) -> None:
    result = await read(server, PDF.read_bytes())
    words = [word for page in result.pages for word in page.words]
    lines = [line for page in result.pages for line in page.lines]
    assert len(words) > 50
    assert all(result.content[w.span.offset : w.span.offset + w.span.length] == w.content for w in words)
    assert all(result.content[s.offset : s.offset + s.length] == line.content for line in lines for s in line.spans)
    assert [paragraph.content for paragraph in result.paragraphs or []] == [line.content for line in lines]


async def test_words_the_engine_doubts_are_marked_as_handwritten(server: DocumentIntelligence) -> None:
    result = await read(server, PDF.read_bytes())
    marked = {span.offset for style in result.styles or [] if style.is_handwritten for span in style.spans}
    doubted = {word.span.offset for word in result.pages[0].words if word.confidence < 0.6}
    assert marked
    assert marked == doubted


async def test_the_sync_client_reads_every_page_of_a_tiff(server: DocumentIntelligence) -> None:
    def analyze() -> AnalyzeResult:
        with DocumentAnalysisClient(server.url, AzureKeyCredential("any"), polling_interval=0.1) as client:
            return client.begin_analyze_document("prebuilt-read", TIFF.read_bytes()).result()

    result = await asyncio.to_thread(analyze)
    with Image.open(TIFF) as tiff:
        assert [page.page_number for page in result.pages] == list(range(1, getattr(tiff, "n_frames", 1) + 1))


async def test_a_page_on_its_side_keeps_its_own_frame_and_tells_its_angle(server: DocumentIntelligence) -> None:
    with Image.open(JPEG) as upright:
        stored = io.BytesIO()
        upright.rotate(-90, expand=True).save(stored, "PNG", dpi=(200, 200))
        height = upright.height
    result = await read(server, stored.getvalue())
    page = result.pages[0]
    assert page.width == height
    assert page.angle == pytest.approx(90, abs=3)
    long_word = max(page.words, key=lambda word: len(word.content) * word.confidence)
    top_left, top_right = long_word.polygon[0], long_word.polygon[1]
    assert abs(top_right.y - top_left.y) > abs(top_right.x - top_left.x)
    assert top_right.y > top_left.y


async def test_only_the_wanted_pages_are_read(server: DocumentIntelligence) -> None:
    result = await read(server, TIFF.read_bytes(), pages="2")
    assert [page.page_number for page in result.pages] == [2]


async def test_the_free_tier_leaves_out_pages_without_a_word() -> None:
    server = DocumentIntelligence(tier="F0")
    await server.start()
    with Image.open(JPEG) as picture:
        page = picture.convert("L").resize((600, 850))
        stored = io.BytesIO()
        page.save(stored, "TIFF", save_all=True, append_images=[page, page])
    result = await read(server, stored.getvalue())
    await server.stop()
    assert [entry.page_number for entry in result.pages] == [1, 2]


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04 not a scan"])
async def test_a_foreign_file_is_refused_at_once(server: DocumentIntelligence, data: bytes) -> None:
    with pytest.raises(HttpResponseError) as caught:
        await read(server, data)
    assert caught.value.status_code == 400
    assert caught.value.error is not None
    assert caught.value.error.code == "InvalidRequest"
    assert "InvalidContent" in str(caught.value)


async def test_a_broken_file_and_a_tiny_picture_fail_their_analysis(server: DocumentIntelligence) -> None:
    tiny = io.BytesIO()
    Image.new("L", (20, 20), 255).save(tiny, "PNG")
    for data, code in ((b"%PDF-1.7 broken", "InvalidContent"), (tiny.getvalue(), "InvalidContentDimensions")):
        with pytest.raises(HttpResponseError, match=code):
            await read(server, data)


async def test_a_throttled_client_that_retries_gets_its_text(server: DocumentIntelligence) -> None:
    server.trouble(analyze=["throttled"], poll=["unavailable"], retry_after=0)
    result = await read(server, PDF.read_bytes(), retries=2)
    assert result.content
    assert server.requests[:2] == ["analyze", "analyze"]


@pytest.mark.parametrize(("trouble", "status"), [("throttled", 429), ("unavailable", 503), ("forbidden", 403)])
async def test_a_client_that_does_not_retry_sees_the_error(
    server: DocumentIntelligence, trouble: str, status: int
) -> None:
    server.trouble(analyze=[trouble], retry_after=7)
    with pytest.raises(HttpResponseError) as caught:
        await read(server, PDF.read_bytes())
    assert caught.value.status_code == status
    headers: Mapping[str, str] = getattr(caught.value.response, "headers", {})
    assert headers.get("Retry-After") == ("7" if status != 403 else None)


@pytest.mark.parametrize(
    ("trouble", "code"), [("internal", "InternalServerError"), ("invalid-dimensions", "InvalidContentDimensions")]
)
async def test_an_analysis_can_fail_after_it_was_accepted(
    server: DocumentIntelligence, trouble: str, code: str
) -> None:
    server.trouble(analyze=[trouble])
    with pytest.raises(HttpResponseError, match=code):
        await read(server, PDF.read_bytes())
    assert server.requests[0] == "analyze"
    assert "poll" in server.requests
