"""One trace from the scan to the card, metrics of what happened, and nothing that a person wrote."""

from __future__ import annotations

import json
import logging
import re
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from opentelemetry.trace import NoOpTracer, SpanContext, StatusCode, TraceFlags
from pydantic import ValidationError

from local.tessdata import find_tessdata
from shared.adapters import graph
from shared.adapters.tesseract import Tesseract
from shared.departments import load_city
from shared.errors import DeliveryRefused, PodatelnaError, TransientError
from shared.model import (
    Decision,
    DocumentRecord,
    DocumentText,
    Event,
    Line,
    Message,
    PageText,
    SourceRecord,
    State,
    Step,
    Word,
)
from shared.settings import Settings
from shared.telemetry import Attribute, Metric, ObservedBus, ObservedLedger, Stage, Telemetry
from shared.telemetry.runs import read_traceparent, write_traceparent
from tests.fakes import NOON, MemoryLedger, RecordingBus
from tests.fakes_delivery import MemoryChannel, MemoryLibrary, MemoryMailbox
from tests.fakes_telemetry import Town, Watched

ROOT = Path(__file__).resolve().parents[2]
CITY = load_city(ROOT / "config" / "departments.yaml")
SCAN = "Ľubica Šťastná 855312-1234 žiadosť.jpg"
SECRETS = ("Ľubica", "Šťastná", "855312", "žiadosť.jpg", "Tajná")
DOCUMENT = "20261120-ABCDEFGH-1"


class SecretiveRecognizer:
    async def recognize(self, document_id: str, pdf: bytes, pages: list[int]) -> DocumentText:
        words = [Word(text=text, box=(0.1, 0.1, 0.2, 0.2), confidence=0.9) for text in ("Tajná", "vec", "855312/1234")]
        return DocumentText(
            document_id=document_id,
            engine="document-intelligence",
            pages=[PageText(page=page, lines=[Line(words=words)]) for page in pages],
        )


class DecidedClassifier:
    def __init__(self, sure: bool = True) -> None:
        self.sure = sure

    def classify(self, text: DocumentText) -> Decision:
        return Decision(
            kind="podnet", department="skolstvo", confidence=0.93, sure=self.sure, reasons=["V názve je „Tajná vec“."]
        )


class RefusingLibrary(MemoryLibrary):
    def __init__(self, *errors: PodatelnaError) -> None:
        super().__init__()
        self.errors = list(errors)

    async def file(self, *values: Any, **named: Any) -> Any:
        if self.errors:
            raise self.errors.pop(0)
        return await super().file(*values, **named)


def settings() -> Settings:
    known = {"STORAGE": "memory", "SERVICEBUS": "memory", "OCR_ENGINE": "tesseract", "TESSDATA": "/usr"}
    return Settings.model_validate({**known, "REVIEW_DESK_URL": "https://stol.example/api"})


def open_town(watched: Watched, **parts: Any) -> Town:
    usual: dict[str, Any] = {
        "recognizer": SecretiveRecognizer(),
        "classifier": DecidedClassifier(),
        "library": MemoryLibrary(),
        "channel": MemoryChannel(),
        "mailbox": MemoryMailbox(),
    }
    return Town(CITY, settings(), watched, **(usual | parts))


async def drop_and_run(town: Town) -> None:
    town.blobs.drop(SCAN, (ROOT / "samples" / "03-ohlasenie-psa.jpg").read_bytes())
    await town.mailroom.take_in(SCAN)
    await town.run()
    await town.mailroom.close()


@pytest.mark.slow
async def test_a_scan_is_one_trace_from_intake_to_the_card() -> None:
    watched = Watched()
    await drop_and_run(open_town(watched))
    names = [span.name for span in watched.spans]
    assert names == ["intake", "recognition", "classification", "delivery.sharepoint", "delivery.teams"]
    assert len({span.context.trace_id for span in watched.spans if span.context}) == 1
    for parent, child in zip(watched.spans, watched.spans[1:], strict=False):
        assert child.parent
        assert parent.context
        assert child.parent.span_id == parent.context.span_id
    card = dict(watched.span("delivery.teams").attributes or {})
    assert card[Attribute.STATE.value] == "delivered"
    assert card[Attribute.DEPARTMENT.value] == "skolstvo"
    assert card[Attribute.PAGES.value] == 1
    assert card[Attribute.SCAN_TO_CARD.value] is not None
    opened = json.loads(str((watched.span("intake").attributes or {})[Attribute.DOCUMENTS.value]))
    assert opened == [card[Attribute.DOCUMENT.value]]


@pytest.mark.slow
async def test_each_state_is_counted_once_with_department_and_kind_and_pages_with_their_price() -> None:
    watched = Watched({"document-intelligence": 0.002})
    await drop_and_run(open_town(watched))
    reached = {
        str(where[Attribute.STATE]): (count, where[Attribute.DEPARTMENT], where[Attribute.KIND])
        for where, count in watched.points(Metric.DOCUMENTS)
    }
    assert reached == {
        "received": (1, "", ""),
        "recognized": (1, "", ""),
        "routed": (1, "skolstvo", "podnet"),
        "filed": (1, "skolstvo", "podnet"),
        "delivered": (1, "skolstvo", "podnet"),
    }
    engine = {Attribute.ENGINE.value: "document-intelligence"}
    assert watched.points(Metric.PAGES) == [(engine, 1)]
    assert watched.points(Metric.OCR_COST) == [(engine, 0.002)]
    assert [value for _, value in watched.points(Metric.CONFIDENCE)] == [0.93]
    assert len(watched.points(Metric.SCAN_TO_CARD)) == 1


@pytest.mark.slow
async def test_a_document_in_review_is_counted_for_the_mailroom_and_timed_to_its_card() -> None:
    watched = Watched()
    await drop_and_run(open_town(watched, classifier=DecidedClassifier(sure=False)))
    (review,) = [where for where, _ in watched.points(Metric.DOCUMENTS) if where[Attribute.STATE] == "review"]
    assert review[Attribute.DEPARTMENT] == "podatelna"
    ((where, _),) = watched.points(Metric.SCAN_TO_CARD)
    assert where[Attribute.STATE] == "review"


@pytest.mark.slow
async def test_a_deferred_retry_stays_in_the_trace_and_is_counted_by_stage_and_error() -> None:
    watched = Watched()
    library = RefusingLibrary(TransientError("busy", status=503))
    await drop_and_run(open_town(watched, library=library))
    first, second = [span for span in watched.spans if span.name == "delivery.sharepoint"]
    assert first.status.status_code is StatusCode.ERROR
    assert (first.attributes or {})[Attribute.HTTP_STATUS.value] == 503
    assert second.status.status_code is not StatusCode.ERROR
    assert (second.attributes or {})[Attribute.ATTEMPT.value] == 2
    assert len({span.context.trace_id for span in watched.spans if span.context}) == 1
    ((where, count),) = watched.points(Metric.RETRIES)
    assert (where[Attribute.STAGE], where[Attribute.ERROR], count) == ("delivery.sharepoint", "TransientError", 1)
    assert watched.points(Metric.FAILURES) == []


@pytest.mark.slow
async def test_what_is_given_up_is_a_failure_with_the_answer_of_the_far_end() -> None:
    watched = Watched()
    refused = DeliveryRefused("Graph answered 403", reason="Nemá oprávnenie.", status=403)
    await drop_and_run(open_town(watched, library=RefusingLibrary(refused)))
    span = watched.span("delivery.sharepoint")
    assert (span.attributes or {})[Attribute.HTTP_STATUS.value] == 403
    assert (span.attributes or {})[Attribute.STATE.value] == "failed"
    ((where, count),) = watched.points(Metric.FAILURES)
    assert (where[Attribute.DEPARTMENT], where[Attribute.ERROR], count) == ("skolstvo", "DeliveryRefused", 1)
    assert watched.points(Metric.RETRIES) == []


@pytest.mark.slow
async def test_nothing_that_is_emitted_or_logged_holds_a_name_a_rodne_cislo_or_text(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    watched = Watched()
    known = settings().model_copy(update={"tessdata": find_tessdata()})
    library = RefusingLibrary(TransientError("busy"), DeliveryRefused("no", reason="Nie."))
    engine = Tesseract.open(known)
    town = open_town(watched, recognizer=engine, library=library)
    await drop_and_run(town)
    await engine.close()
    (text,) = [town.blobs.stored[place].data.decode() for place in town.blobs.stored if place[0] == "extracted"][:1]
    emitted = watched.everything() + "\n" + caplog.text
    # What stands only in the document: words that no name of ours and no English word contains.
    written = {word for word in re.findall(r"[^\W\d_]{5,}", text) if not word.isascii()}
    assert len(written) > 20
    assert [word for word in (*SECRETS, *written) if word in emitted] == []
    assert re.search(r"\b\d{6}/\d{3,4}\b", emitted) is None


async def test_documents_of_one_scan_get_traces_of_their_own_that_link_to_the_scan() -> None:
    watched = Watched()
    ledger = ObservedLedger(MemoryLedger(), watched.telemetry)
    bus = RecordingBus()
    ids = [f"20261120-ABCDEFGH-{number}" for number in (1, 2)]
    source = SourceRecord(id=ids[0][:-2], name=SCAN, etag="1", size=1, received_at=NOON)
    with watched.telemetry.running(Stage.INTAKE):
        await ledger.save_source(source.model_copy(update={"documents": ids}))
        for identity in ids:
            await ObservedBus(bus, watched.telemetry).send("recognize", recognize(identity))
    intake = watched.span("intake").context
    branches = [span for span in watched.spans if span.name == "document"]
    assert intake
    assert [one.message.traceparent for one in bus.sent] == [
        write_traceparent(span.context) for span in branches if span.context
    ]
    assert [span.links[0].context.span_id for span in branches] == [intake.span_id] * 2
    assert len({span.context.trace_id for span in branches if span.context} | {intake.trace_id}) == 3


async def test_cards_posted_together_stay_each_in_its_documents_trace() -> None:
    watched = Watched()
    traces = [write_traceparent(SpanContext(number, 7, False, TraceFlags(1))) for number in (1, 2)]
    messages = [
        recognize(f"20261120-ABCDEFGH-{number}").model_copy(update={"traceparent": trace})
        for number, trace in enumerate(traces, 1)
    ]
    with watched.telemetry.running(Stage.TEAMS, *messages):
        carried = [watched.telemetry.carry(message) for message in messages]
    assert [span.context.trace_id for span in watched.spans if span.context] == [1, 2]
    kept = [read_traceparent(message.traceparent) for message in carried]
    assert [context.trace_id for context in kept if context] == [1, 2]


def test_without_an_sdk_a_message_keeps_the_trace_it_came_with() -> None:
    telemetry = Telemetry.of_process()
    message = recognize(DOCUMENT).model_copy(update={"traceparent": f"00-{7:032x}-{9:016x}-01"})
    with telemetry.running(Stage.RECOGNITION, message):
        assert telemetry.carry(recognize(DOCUMENT)).traceparent == message.traceparent


@pytest.mark.parametrize("text", ["", "nonsense", "00-xyz-1-1", f"00-{0:032x}-{0:016x}-01", None])
def test_a_broken_traceparent_is_taken_for_none(text: str | None) -> None:
    assert read_traceparent(text) is None


async def test_a_clock_set_back_gives_no_negative_time() -> None:
    watched = Watched()
    record = DocumentRecord(
        id=DOCUMENT, source_id=DOCUMENT[:-2], source_name="a.pdf", pages=[1], received_at=NOON, department="skolstvo"
    )
    ledger = ObservedLedger(MemoryLedger(), watched.telemetry)
    early = NOON - timedelta(hours=1)
    stored = await ledger.open_document(record, Step(at=early, actor="t", action="received", state=State.RECEIVED))
    details = {"effect": "teams:skolstvo:1"}
    step = Step(at=early, actor="teams", action="announced", state=State.DELIVERED, details=details)
    await ledger.advance(stored.model_copy(update={"state": State.DELIVERED}), step)
    ((_, seconds),) = watched.points(Metric.SCAN_TO_CARD)
    assert seconds == 0.0


async def test_an_error_that_escapes_a_stage_is_told_by_its_type_only() -> None:
    watched = Watched()
    with pytest.raises(ValueError, match="Tajná"), watched.telemetry.running(Stage.INTAKE):
        raise ValueError("Tajná vec")
    assert (watched.span("intake").attributes or {})[Attribute.ERROR.value] == "ValueError"
    assert "Tajn" not in watched.everything()


def test_an_error_about_a_record_does_not_quote_it() -> None:
    with pytest.raises(ValidationError) as caught:
        DocumentText.model_validate_json('{"document_id": 5, "pages": "Tajná vec"}')
    assert "Tajná" not in str(caught.value)


def recognize(document_id: str) -> Message:
    return Message(event=Event.RECOGNIZE, document_id=document_id, first_seen=NOON)


def test_the_graph_sdk_opens_no_spans_of_its_own() -> None:
    assert graph.Graph is not None  # imported, and with it the SDK
    own = {name: vars(module).get("tracer") for name, module in sys.modules.items() if name.startswith("kiota_")}
    talking = {name for name, tracer in own.items() if tracer is not None and not isinstance(tracer, NoOpTracer)}
    assert {name for name in talking if "authentication" not in name} == set()
    assert len([tracer for tracer in own.values() if isinstance(tracer, NoOpTracer)]) >= 3
