"""Opens runs, and turns what the ledger is told into attributes and metrics."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext

from opentelemetry import metrics, trace
from opentelemetry.metrics import Meter
from opentelemetry.trace import Span, Tracer

from shared.effects import place_of
from shared.model import MAILROOM, DocumentRecord, Message, SourceRecord, State, Step
from shared.telemetry.instruments import Instruments
from shared.telemetry.names import SCOPE, Attribute, Outcome, Stage, Value, labels
from shared.telemetry.runs import RUNS, Run, find_run, write_traceparent

SOURCE_ENDS = (State.QUARANTINED, State.DUPLICATE, State.FAILED)


class Telemetry:
    """`euros_per_page` is the OCR engine's list price, by the name of the engine."""

    def __init__(self, tracer: Tracer, meter: Meter, euros_per_page: Mapping[str, float] | None = None) -> None:
        self._tracer = tracer
        self._euros_per_page = euros_per_page or {}
        self.instruments = Instruments(meter)

    @classmethod
    def of_process(cls, euros_per_page: Mapping[str, float] | None = None) -> Telemetry:
        """Over whichever SDK the process has, or comes to have."""
        return cls(trace.get_tracer(SCOPE), metrics.get_meter(SCOPE), euros_per_page)

    @contextmanager
    def running(self, stage: Stage, *messages: Message) -> Iterator[None]:
        """A span a message, or one for a stage without messages. An error that escapes will be tried again."""
        runs = tuple(Run(stage, one, self._tracer, self.instruments) for one in messages or [None])
        token = RUNS.set(runs)
        current: AbstractContextManager[object] = _attach(runs[0].span) if len(runs) == 1 else nullcontext()
        try:
            with current:
                yield
        except BaseException as error:
            for run in runs:
                run.fail(error, Outcome.RETRIED)
            raise
        finally:
            RUNS.reset(token)
            for run in runs:
                run.end()

    def carry(self, message: Message) -> Message:
        """The message with the trace it goes on in."""
        run = find_run(message.document_id)
        context = run.context_for(message.document_id) if run else trace.get_current_span().get_span_context()
        if not context.is_valid or (run is None and message.traceparent):
            return message
        return message.model_copy(update={"traceparent": write_traceparent(context)})

    def source_seen(self, source: SourceRecord) -> None:
        run = find_run(source.id)
        if run and run.stage is Stage.INTAKE:
            run.tell({Attribute.SOURCE: source.id, Attribute.STATE: source.state.value})

    def source_saved(self, source: SourceRecord) -> None:
        self.source_seen(source)
        run = find_run(source.id)
        if run and run.stage is Stage.INTAKE:
            run.tell({Attribute.PAGES: len(source.pages)})
            run.tell_documents(source.documents)
        if source.state in SOURCE_ENDS:
            self._count(source.state, MAILROOM, None)

    def opened(self, record: DocumentRecord) -> None:
        self._count(record.state, record.department, record.kind)
        if record.state is State.RECOGNIZED:  # one of several that recognition found in a stack
            self._count_pages(record)

    def read(self, record: DocumentRecord) -> None:
        run = find_run(record.id)
        if run and run.document_id == record.id:
            run.tell(_describe(record))

    def advanced(self, before: State | None, record: DocumentRecord, step: Step) -> None:
        """`before` is the state the record had, None when it is not known."""
        self.read(record)
        if record.state is not before:
            self._count(record.state, place_of(record), record.kind)
            if record.state is State.RECOGNIZED:
                self._count_pages(record)
            elif before is State.RECOGNIZED and record.confidence is not None:
                guess = {Attribute.DEPARTMENT: record.department or "", Attribute.STATE: record.state.value}
                self.instruments.confidence.record(record.confidence, labels(guess))
        if is_first_arrival(record, step):
            seconds = max(0.0, (step.at - record.received_at).total_seconds())
            where = {Attribute.DEPARTMENT: place_of(record) or "", Attribute.STATE: record.state.value}
            self.instruments.scan_to_card.record(seconds, labels(where))
            run = find_run(record.id)
            if run:
                run.tell({Attribute.SCAN_TO_CARD: round(seconds, 3)})

    def _count(self, state: State, department: str | None, kind: str | None) -> None:
        what = {Attribute.STATE: state.value, Attribute.DEPARTMENT: department or "", Attribute.KIND: kind or ""}
        self.instruments.documents.add(1, labels(what))

    def _count_pages(self, record: DocumentRecord) -> None:
        engine = labels({Attribute.ENGINE: record.engine})
        self.instruments.pages.add(len(record.pages), engine)
        price = self._euros_per_page.get(record.engine.rpartition("+")[2], 0.0)
        if price:
            self.instruments.cost.add(len(record.pages) * price, engine)

    def backlog(self, ages: Mapping[str, Sequence[float]]) -> None:
        """Seconds that each waiting document waits, by the stage it waits for."""
        for stage, seconds in ages.items():
            self.instruments.backlog_age.set(max(seconds, default=0.0), labels({Attribute.STAGE: stage}))
            self.instruments.backlog_size.set(len(seconds), labels({Attribute.STAGE: stage}))

    def reconciled(self, counts: Mapping[str, int]) -> None:
        for finding, count in counts.items():
            self.instruments.reconciliation.set(count, labels({Attribute.FINDING: finding}))

    def expired(self, counts: Mapping[str, int]) -> None:
        for what, count in counts.items():
            self.instruments.retention.add(count, labels({Attribute.FINDING: what}))


def _attach(span: Span) -> AbstractContextManager[Span]:
    """Makes it the current span; an exception's text stays out of it."""
    return trace.use_span(span, end_on_exit=False, record_exception=False, set_status_on_exception=False)


def is_first_arrival(record: DocumentRecord, step: Step) -> bool:
    """Whether this step brought the document to its people for the first time: a card, a letter, or just the file."""
    if record.version != 1:
        return False
    if step.action in ("announced", "forwarded"):
        return str(step.details.get("effect", "")).split(":")[0] in ("teams", "email")
    return step.action == "filed" and record.state is State.DELIVERED


def _describe(record: DocumentRecord) -> dict[Attribute, Value | None]:
    return {
        Attribute.SOURCE: record.source_id,
        Attribute.STATE: record.state.value,
        Attribute.KIND: record.kind,
        Attribute.DEPARTMENT: place_of(record),
        Attribute.CONFIDENCE: record.confidence,
        Attribute.PAGES: len(record.pages),
        Attribute.ENGINE: record.engine or None,
        Attribute.VERSION: record.version,
    }
