"""An office in memory: topics, library, channel and mailbox, where things fail and processes die on purpose."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, TypeVar

from shared.adapters.turns import next_turn
from shared.delivery import file_document, forward_document, move_document, post_cards
from shared.departments import City
from shared.errors import NotYourTurn, PodatelnaError, TransientError
from shared.extracted import write_decision
from shared.kinds import Catalogue
from shared.model import (
    MAILROOM,
    Decision,
    DocumentRecord,
    Event,
    FiledItem,
    Message,
    ReadField,
    State,
    Step,
)
from shared.settings import Settings
from tests.fakes import NOON, MemoryBlobs, MemoryLedger

Result = TypeVar("Result")
DUPLICATE_WINDOW = timedelta(minutes=10)


def _department(department_id: str, **more: Any) -> dict[str, Any]:
    usual = {"site": f"/sites/{department_id}", "library": "Podateľňa", "channels": ["sharepoint", "teams"]}
    return {"id": department_id, **usual, **more}


_AUTHORITY = {"role": "authority", "site": "/sites/podatelna", "library": "Príslušným úradom"}
CITY = City.model_validate(
    {
        "city": {
            "name": "Mesto Skúška",
            "office": "Mestský úrad Skúška",
            "address": "Námestie 1, 974 01 Skúška",
            "time_zone": "Europe/Bratislava",
            "sharepoint_host": "skuska.sharepoint.com",
            "mailbox": "podatelna@skuska.example",
        },
        "channels": {
            "sharepoint": {"events": ["routed", "review"]},
            "teams": {"events": ["filed", "moved", "notice"]},
            "email": {"events": ["filed"]},
        },
        "departments": [
            _department("stavebny-urad", name="Stavebný úrad"),
            _department("majetok", name="Oddelenie majetku mesta"),
            _department("skolstvo", name="Oddelenie školstva"),
            _department(MAILROOM, name="Podateľňa", role="mailroom", library="Na rozhodnutie"),
            _department(
                "okresny-urad",
                name="Okresný úrad",
                email="podatelna@urad.example",
                channels=["sharepoint", "email"],
                confirm=True,
                **_AUTHORITY,
            ),
            _department(
                "urad-prace",
                name="Úrad práce",
                email="praca@urad.example",
                channels=["sharepoint", "email"],
                confirm=True,
                **_AUTHORITY,
            ),
        ],
    }
)
KINDS = Catalogue.model_validate(
    {
        "kinds": [
            {
                "id": "podnet",
                "title": "Podnet",
                "department": "stavebny-urad",
                "phrases": {"podnet": 3},
                "act": "zákon č. 71/1967 Zb.",
                "deadline": [
                    {
                        "count": 30,
                        "unit": "calendar_days",
                        "act": "§ 49 ods. 2 zákona č. 71/1967 Zb.",
                        "from": "received",
                    }
                ],
            },
            {
                "id": "najom",
                "title": "Žiadosť o nájom",
                "department": "majetok",
                "phrases": {"nájom": 3},
                "act": "zákon č. 138/1991 Zb.",
            },
        ]
    }
)
SETTINGS = Settings.model_validate(
    {
        "STORAGE": "memory",
        "SERVICEBUS": "memory",
        "OCR_ENGINE": "tesseract",
        "TESSDATA": "/tmp",
        "REVIEW_DESK_URL": "https://stol.example/api",
    }
)


class MovingClock:
    def __init__(self, now: datetime = NOON) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


class Killed(BaseException):
    """The process dies: nothing catches it."""


class Peril:
    """Asked before and after every call to the outside; does nothing unless told otherwise."""

    def __init__(self, chance: random.Random | None = None) -> None:
        self.chance = chance or random.Random(0)
        self.kill = self.fail = self.lose = 0.0
        self.kill_at: int | None = None
        self.calls = 0
        self.dead = False

    async def around(self, call: Callable[[], Awaitable[Result]]) -> Result:
        """A call may fail before anything happened, happen with its answer lost, or be the process's last."""
        await self._point(self.fail)
        result = await call()
        await self._point(self.lose)
        return result

    async def _point(self, failing: float) -> None:
        if self.chance.random() < 0.5:
            await asyncio.sleep(0)
        self.calls += 1
        if self.dead or self.calls == self.kill_at or self.chance.random() < self.kill:
            self.dead = True
            raise Killed
        if self.chance.random() < failing:
            raise TransientError("a fault on purpose", retry_after=self.chance.choice([None, 1.0, 600.0]))


class Perilous:
    """Wraps a port so that every call passes the peril."""

    def __init__(self, port: Any, peril: Peril) -> None:
        self._port, self._peril = port, peril

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._port, name)
        if name == "documents":
            return method  # iterated, not awaited

        async def call(*values: Any, **named: Any) -> Any:
            return await self._peril.around(lambda: method(*values, **named))

        return call


class Interrupted:
    """A port in whose first call of `method`, before it takes effect, something else happens."""

    def __init__(self, port: Any, method: str, what: Callable[[], Awaitable[object]]) -> None:
        self._port, self._method, self._what = port, method, what
        self._waiting = True

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._port, name)
        if name != self._method or not self._waiting:
            return found
        self._waiting = False

        async def call(*values: Any, **named: Any) -> Any:
            await self._what()
            return await found(*values, **named)

        return call


@dataclass(frozen=True)
class Envelope:
    """One message waiting in one subscription."""

    entity: str
    channel: str
    message: Message
    due: datetime


class MemoryTopics:
    """Topics with correlation rules, scheduled messages and duplicate detection."""

    def __init__(self, clock: MovingClock) -> None:
        self._clock = clock
        self._seen: dict[tuple[str, str], datetime] = {}
        self.waiting: list[Envelope] = []
        self.given_up: list[Message] = []
        self.sent: list[tuple[str, Message]] = []

    async def send(self, entity: str, message: Message, *, at: datetime | None = None) -> None:
        now, key = self._clock(), (entity, message.message_id)
        if key in self._seen and now - self._seen[key] < DUPLICATE_WINDOW:
            return
        self._seen[key] = now
        self.sent.append((entity, message))
        department = CITY.by_id[entity.removeprefix("dept-")]
        for channel in department.channels:
            events = CITY.channels[channel].events
            if message.target == channel or (message.target is None and message.event in events):
                self.waiting.append(Envelope(entity, channel.value, message, at or now))

    async def dead_letter(self, message: Message, *, reason: str, description: str) -> None:
        self.given_up.append(message)

    async def clear_dead_letters(self, document_id: str) -> None:
        self.given_up = [message for message in self.given_up if message.document_id != document_id]


@dataclass
class StoredFile:
    department: str
    folder: str
    name: str
    pdf: bytes
    columns: Mapping[str, Any]
    revision: int = 1


class MemoryLibrary:
    """Libraries as the city's file places them: two authorities share one."""

    def __init__(self) -> None:
        self.files: dict[str, StoredFile] = {}
        self._count = 0

    def _drive(self, department: str) -> str:
        place = CITY.by_id[department]
        return f"{place.site}/{place.library}"

    def _lookup(self, department: str, folder: str, name: str) -> str | None:
        wanted = (self._drive(department), folder, name)
        return next(
            (key for key, f in self.files.items() if (self._drive(f.department), f.folder, f.name) == wanted), None
        )

    def _item(self, key: str, etag: bool = False) -> FiledItem:
        file = self.files[key]
        return FiledItem(
            department=file.department,
            drive_id=self._drive(file.department),
            item_id=key,
            name=file.name,
            url=f"https://skuska.example/{key}",
            etag=str(file.revision) if etag else "",
        )

    async def file(
        self, department: str, folder: str, name: str, pdf: bytes, columns: Mapping[str, str | float | None]
    ) -> FiledItem:
        self._count += 1
        key = self._lookup(department, folder, name) or f"item-{self._count}"
        self.files[key] = StoredFile(department, folder, name, pdf, dict(columns), self._count)
        return self._item(key)

    async def move(
        self,
        item: FiledItem,
        department: str,
        folder: str,
        name: str,
        pdf: bytes,
        columns: Mapping[str, str | float | None],
    ) -> FiledItem:
        old = self.files.get(item.item_id)
        if old is None:
            there = self._lookup(department, folder, name)
            return await self.file(department, folder, name, self.files[there].pdf if there else pdf, columns)
        if item.drive_id == self._drive(department):
            self.files[item.item_id] = replace(old, department=department, folder=folder, name=name, columns=columns)
            return self._item(item.item_id)
        moved = await self.file(department, folder, name, old.pdf, columns)
        await asyncio.sleep(0)
        await self.remove(item)
        return moved

    async def find(self, department: str, folder: str, name: str) -> FiledItem | None:
        key = self._lookup(department, folder, name)
        return self._item(key, etag=True) if key else None

    async def remove(self, item: FiledItem) -> None:
        file = self.files.get(item.item_id)
        if file and item.etag and item.etag != str(file.revision):
            raise TransientError("the file changed")
        self.files.pop(item.item_id, None)


class MemoryChannel:
    """Channels that keep every card; `refusal` makes one refuse for good."""

    def __init__(self) -> None:
        self.cards: list[tuple[str, str, Mapping[str, object]]] = []
        self.refusal: PodatelnaError | None = None
        self.turns: MemoryTurns | None = None
        self.clock = MovingClock()

    async def take_turn(self, department: str) -> None:
        if self.turns is not None:
            wait = await self.turns.take(department, self.clock(), burst=1, seconds=27)
            if wait:
                raise NotYourTurn("no turn", retry_after=wait)

    async def post(self, department: str, card: Mapping[str, object], *, key: str) -> None:
        if self.refusal:
            raise self.refusal
        self.cards.append((department, key, card))

    def of(self, department: str) -> list[str]:
        return [str(card) for place, _, card in self.cards if place == department]


class MemoryMailbox:
    def __init__(self) -> None:
        self.letters: list[tuple[str, str, str, str, tuple[str, bytes] | None]] = []

    async def forward(self, key: str, to: str, subject: str, html: str, attachment: tuple[str, bytes] | None) -> None:
        if all(sent[0] != key for sent in self.letters):
            self.letters.append((key, to, subject, html, attachment))


class MemoryTurns:
    def __init__(self) -> None:
        self.spent: dict[str, float] = {}

    async def take(self, name: str, at: datetime, *, burst: int, seconds: float) -> float:
        self.spent[name], wait = next_turn(self.spent.get(name, 0.0), at.timestamp(), burst, seconds)
        return wait


@dataclass
class Office:
    """Everything delivery needs, and a host that runs its stages until nothing waits."""

    seed: int = 0
    at_once: int = 1
    instances: int = 1
    repeating: float = 0.0
    settings: Settings = SETTINGS
    clock: MovingClock = field(default_factory=MovingClock)

    def __post_init__(self) -> None:
        self.random = random.Random(self.seed)
        self.peril = Peril(self.random)
        self.blobs = MemoryBlobs()
        self.ledger = MemoryLedger()
        self.bus = MemoryTopics(self.clock)
        self.files = MemoryLibrary()
        self.turns = MemoryTurns()
        self.library: Any = self.files
        self.channel: Any = MemoryChannel()
        self.mailbox: Any = MemoryMailbox()
        self.kills = 0

    async def route(self, department: str, kind: str | None = "podnet", **changes: Any) -> DocumentRecord:
        """A document as classification leaves it: decided, with its PDF, and published."""
        number = len(self.ledger.document_rows) + 1
        record = DocumentRecord(
            id=f"20261120-{number:08d}-1",
            source_id=f"20261120-{number:08d}",
            source_name="sken.pdf",
            pages=[1],
            received_at=NOON,
            state=State.REVIEW if department == MAILROOM else State.ROUTED,
            kind=kind,
            department="majetok" if department == MAILROOM else department,
            confidence=0.95,
        ).model_copy(update=changes)
        self.blobs.drop(f"{record.id}.pdf", b"%PDF " + record.id.encode(), container="delivered")
        fields = [
            ReadField(name="subject", value="Oprava cesty", page=1, confidence=0.9),
            ReadField(name="applicant", value="Ján Vymyslený", page=1, confidence=0.9),
        ]
        decision = Decision(kind=kind, department=record.department, confidence=0.95, sure=True, fields=fields)
        await write_decision(self.blobs, record.id, decision)
        record = await self.ledger.open_document(
            record, Step(at=NOON, actor="test", action="classified", state=record.state, details={"kind": kind})
        )
        await self.bus.send(f"dept-{department}", self.message(record, department))
        return record

    def message(self, record: DocumentRecord, department: str, **changes: Any) -> Message:
        event = Event.REVIEW if department == MAILROOM else Event.ROUTED
        return Message(
            event=event,
            document_id=record.id,
            department=department,
            version=record.version,
            first_seen=self.clock(),
        ).model_copy(update=changes)

    async def move(self, document_id: str, to: str, *, in_peril: bool = False, **more: Any) -> DocumentRecord:
        ports: dict[str, Any] = {"blobs": self.blobs, "ledger": self.ledger, "bus": self.bus}
        if in_peril:
            ports = {name: Perilous(port, self.peril) for name, port in ports.items()}
        return await move_document(
            document_id, to, who="tester", city=CITY, kinds=KINDS, clock=self.clock, **ports, **more
        )

    async def deliver_all(self, rounds: int = 20_000, until: datetime | None = None) -> None:
        """Run what is due in any order; when nothing is, time goes on."""
        for _ in range(rounds):
            if not self.bus.waiting:
                return
            now = self.clock()
            due = [envelope for envelope in self.bus.waiting if envelope.due <= now]
            if not due:
                self.clock.now = min(envelope.due for envelope in self.bus.waiting)
                if until and self.clock.now > until:
                    return
                continue
            self.random.shuffle(due)
            await self._run(due[: self.at_once])
        raise AssertionError("delivery does not come to an end")

    async def deliver_some(self, rounds: int) -> None:
        """A few steps of `deliver_all`, so that something else happens in the middle."""
        for _ in range(rounds):
            due = [envelope for envelope in self.bus.waiting if envelope.due <= self.clock()]
            self.random.shuffle(due)
            await self._run(due[: self.at_once])

    async def _run(self, envelopes: list[Envelope]) -> None:
        """Some instances take messages at once; when they die these are all delivered again."""
        batches: dict[tuple[str, str, int], list[Envelope]] = {}
        again = [envelope for envelope in envelopes if self.random.random() < self.repeating]
        for envelope in (*envelopes, *again):
            instance = self.random.randrange(self.instances)
            batches.setdefault((envelope.entity, envelope.channel, instance), []).append(envelope)
        work = [(group, self._stage(group)) for group in batches.values()]
        for envelope in envelopes:
            self.bus.waiting.remove(envelope)
        outcomes = await asyncio.gather(*(stage for _, stage in work), return_exceptions=True)
        for (group, _), outcome in zip(work, outcomes, strict=True):
            if isinstance(outcome, BaseException):
                if not isinstance(outcome, Killed | TransientError):
                    raise outcome
                self.bus.waiting += group
        if self.peril.dead:
            self.kills += 1
            self.peril.dead = False

    async def _stage(self, group: list[Envelope]) -> None:
        at = self.peril
        usual: dict[str, Any] = {
            "blobs": Perilous(self.blobs, at),
            "ledger": Perilous(self.ledger, at),
            "bus": Perilous(self.bus, at),
            "city": CITY,
            "kinds": KINDS,
            "settings": self.settings,
            "clock": self.clock,
        }
        messages = [envelope.message for envelope in group]
        if group[0].channel == "teams":
            await post_cards(messages, channel=Perilous(self.channel, at), **usual)
            return
        for message in messages:
            if group[0].channel == "sharepoint":
                await file_document(message, library=Perilous(self.library, at), **usual)
            else:
                await forward_document(message, mailbox=Perilous(self.mailbox, at), **usual)

    def places(self, document_id: str) -> list[tuple[str, str]]:
        """Department and name of every file of the document."""
        return [(file.department, file.name) for file in self.files.files.values() if document_id in file.name]
