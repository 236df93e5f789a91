"""A run: one stage at work on one document, as one span. What happens meanwhile finds it through the context."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping, Sequence
from contextvars import ContextVar

from opentelemetry.context import Context
from opentelemetry.trace import (
    Link,
    NonRecordingSpan,
    SpanContext,
    StatusCode,
    TraceFlags,
    Tracer,
    get_current_span,
    set_span_in_context,
)

from shared.model import Message
from shared.telemetry.instruments import Instruments
from shared.telemetry.names import BRANCH, STAGE_OF, Attribute, Outcome, Stage, Value, labels

# Azure Monitor cuts a property at 8,192 characters.
MOST_DOCUMENTS = 300


class Run:
    """Began with a message, or with none: a scan, a timer."""

    def __init__(self, stage: Stage, message: Message | None, tracer: Tracer, instruments: Instruments) -> None:
        self.stage = stage
        self.document_id = message.document_id if message else ""
        self.documents: list[str] = []
        self.outcome = Outcome.DONE
        self._tracer, self._instruments = tracer, instruments
        self._began = time.perf_counter()
        context, links = _parent(message.traceparent if message else None)
        self.span = tracer.start_span(stage.value, context=context, links=links)
        if message:
            self.tell(
                {
                    Attribute.DOCUMENT: message.document_id,
                    Attribute.ATTEMPT: message.attempt,
                    Attribute.DEPARTMENT: message.department,
                }
            )
            if message.attempt == 1:
                waited = max(0.0, time.time() - message.first_seen.timestamp())
                instruments.waiting.record(waited, labels({Attribute.STAGE: stage.value}))

    def tell(self, attributes: Mapping[Attribute, Value | None]) -> None:
        for name, value in labels(attributes).items():
            self.span.set_attribute(name, value)

    def tell_documents(self, ids: Sequence[str]) -> None:
        self.documents = list(ids)
        self.tell({Attribute.DOCUMENTS: json.dumps(self.documents[:MOST_DOCUMENTS])})

    def owns(self, document_id: str) -> bool:
        """Whether a message about this document goes on in this trace. A scan of many documents is not one of them."""
        return document_id == self.document_id or (self.stage is Stage.INTAKE and len(self.documents) <= 1)

    def context_for(self, document_id: str) -> SpanContext:
        """Where the document's trace goes on; one of many begins its own and links here."""
        mine = self.span.get_span_context()
        if self.owns(document_id) or not mine.is_valid:
            return mine
        span = self._tracer.start_span(BRANCH, context=Context(), links=[Link(mine)])
        span.set_attribute(Attribute.DOCUMENT.value, document_id)
        span.end()
        return span.get_span_context()

    def fail(self, error: BaseException, outcome: Outcome, department: str | None = None) -> None:
        """Only what kind of error it was: its text may name a file or quote a document."""
        self.outcome = outcome
        kind = type(error).__name__
        self.span.set_status(StatusCode.ERROR, kind)
        status = getattr(error, "status", None)
        self.tell({Attribute.ERROR: kind, Attribute.HTTP_STATUS: status})
        counter = self._instruments.failures if outcome is Outcome.FAILED else self._instruments.retries
        where = {Attribute.STAGE: self.stage.value, Attribute.ERROR: kind, Attribute.DEPARTMENT: department}
        counter.add(1, labels(where))

    def end(self) -> None:
        how = labels({Attribute.STAGE: self.stage.value, Attribute.OUTCOME: self.outcome.value})
        self._instruments.duration.record(time.perf_counter() - self._began, how)
        self.tell({Attribute.OUTCOME: self.outcome.value})
        self.span.end()


RUNS: ContextVar[tuple[Run, ...]] = ContextVar("runs", default=())


def find_run(document_id: str) -> Run | None:
    """The run that works on this document now, or the one run there is."""
    runs = RUNS.get()
    owner = next((run for run in runs if run.owns(document_id)), None)
    return owner or (runs[0] if len(runs) == 1 else None)


def note_failure(message: Message, entity: str, error: BaseException, *, final: bool) -> None:
    """A stage failed and was caught: `final` when it was given up, else it will be tried again."""
    run = find_run(message.document_id)
    if run and STAGE_OF.get(entity, run.stage) is run.stage:
        run.fail(error, Outcome.FAILED if final else Outcome.RETRIED, message.department)


def _parent(traceparent: str | None) -> tuple[Context | None, list[Link]]:
    """The message's trace goes on. Where the host opened a span in another trace, ours links to it."""
    theirs, here = read_traceparent(traceparent), get_current_span().get_span_context()
    if theirs is None or (here.is_valid and here.trace_id == theirs.trace_id):
        return None, []
    return set_span_in_context(NonRecordingSpan(theirs), Context()), [Link(here)] if here.is_valid else []


def read_traceparent(text: str | None) -> SpanContext | None:
    """None for anything but `00-<32 hex>-<16 hex>-<2 hex>` (www.w3.org/TR/trace-context)."""
    parts = (text or "").split("-")
    if [len(part) for part in parts[:4]] != [2, 32, 16, 2]:
        return None
    try:
        trace_id, span_id, flags = (int(part, 16) for part in parts[1:4])
    except ValueError:
        return None
    context = SpanContext(trace_id, span_id, is_remote=True, trace_flags=TraceFlags(flags))
    return context if context.is_valid else None


def write_traceparent(context: SpanContext) -> str:
    return f"00-{context.trace_id:032x}-{context.span_id:016x}-{context.trace_flags:02x}"
