"""All entities of one namespace, found by the addresses clients use."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from local.servicebus.agenda import Agenda
from local.servicebus.inlets import Inlet, Sequence
from local.servicebus.journal import Journal
from local.servicebus.messages import EntityNotFound, Entry, Message, NotAllowed, State
from local.servicebus.queues import Queue, shortest
from local.servicebus.rules import any_matches
from local.servicebus.settings import NamespaceSettings, QueueSettings, TopicSettings

DEAD_LETTERS = "/$deadletterqueue"


@dataclass(frozen=True, slots=True)
class Counts:
    active: int
    deferred: int
    scheduled: int
    dead_letter: int


class Namespace:
    def __init__(self, settings: NamespaceSettings, agenda: Agenda, journal: Journal) -> None:
        self._agenda = agenda
        self._journal = journal
        self._inlets: dict[str, Inlet] = {}
        self._queues: dict[str, Queue] = {}
        for queue in settings.queues:
            self._add_queue(queue)
        for topic in settings.topics:
            self._add_topic(topic)

    def find(self, address: str) -> tuple[Inlet | None, Queue | None]:
        """The sending and the receiving side of the address; a topic and a subscription have one each."""
        key = normalize(address)
        inlet, queue = self._inlets.get(key), self._queues.get(key)
        if inlet is None and queue is None:
            raise EntityNotFound(f"The messaging entity '{address}' could not be found.")
        return inlet, queue

    def inlet(self, address: str) -> Inlet:
        """Where messages for the address go. Raises EntityNotFound or NotAllowed."""
        inlet, _ = self.find(address)
        if inlet is None:
            raise NotAllowed(f"{address} only gives messages out; send to its queue or topic")
        return inlet

    def outlet(self, address: str) -> Queue:
        """Where messages of the address come from. Raises EntityNotFound or NotAllowed."""
        _, queue = self.find(address)
        if queue is None:
            raise NotAllowed(f"{address} is a topic; receive from one of its subscriptions")
        return queue

    def queues(self) -> Iterator[Queue]:
        return iter(self._queues.values())

    def counts(self) -> dict[str, Counts]:
        """By queue name, topic name and `topic/Subscriptions/name`; dead letters belong to their entity."""
        counts = {}
        for key, queue in self._queues.items():
            if key.endswith(DEAD_LETTERS):
                continue
            dead = self._queues[key + DEAD_LETTERS].count(State.ACTIVE)
            scheduled = len(queue.inlet.scheduled) if queue.inlet else 0
            counts[queue.name] = Counts(queue.count(State.ACTIVE), queue.count(State.DEFERRED), scheduled, dead)
        topics = [inlet for key, inlet in self._inlets.items() if key not in self._queues]
        return counts | {topic.name: Counts(0, 0, len(topic.scheduled), 0) for topic in topics}

    def _add_queue(self, settings: QueueSettings) -> None:
        sequence = Sequence(settings.name, self._journal)
        queue = self._create_queue(settings, sequence)
        queue.inlet = self._add_inlet(
            settings, sequence, lambda message: self._deliver(queue, message, enqueued_sequence_number=None)
        )

    def _add_topic(self, settings: TopicSettings) -> None:
        sequence = Sequence(settings.name, self._journal)
        routes = []
        for subscription in settings.subscriptions:
            name = f"{settings.name}/Subscriptions/{subscription.name}"
            queue = self._create_queue(replace(subscription.queue, name=name), Sequence(name, self._journal))
            routes.append((subscription.rules, queue))

        def fan_out(message: Message) -> None:
            number = sequence.next()
            message = replace(message, time_to_live=shortest(message.time_to_live, settings.time_to_live))
            for rules, queue in routes:
                if any_matches(rules, message):
                    self._deliver(queue, message, enqueued_sequence_number=number)

        self._add_inlet(settings, sequence, fan_out)

    def _add_inlet(
        self,
        settings: QueueSettings | TopicSettings,
        sequence: Sequence,
        deliver: Callable[[Message], None],
    ) -> Inlet:
        inlet = Inlet(
            settings.name,
            settings.duplicate_window,
            sequence=sequence,
            agenda=self._agenda,
            journal=self._journal,
            deliver=deliver,
        )
        self._inlets[normalize(settings.name)] = inlet
        return inlet

    def _create_queue(self, settings: QueueSettings, sequence: Sequence) -> Queue:
        def create(name: str, own: QueueSettings, bury: Callable[[Entry], None] | None) -> Queue:
            queue = Queue(name, own, sequence=sequence, agenda=self._agenda, journal=self._journal, bury=bury)
            self._queues[normalize(name)] = queue
            return queue

        dead_settings = QueueSettings(settings.name, lock_duration=settings.lock_duration)
        dead_letters = create(f"{settings.name}/$DeadLetterQueue", dead_settings, None)
        forward_to = settings.forward_dead_letters_to

        def forward(entry: Entry) -> None:
            source = replace(entry.message, application=entry.application, dead_letter_source=settings.name)
            self.inlet(forward_to or "").send(replace(source, scheduled_for=None))

        return create(settings.name, settings, forward if forward_to else dead_letters.adopt)

    def _deliver(self, queue: Queue, message: Message, *, enqueued_sequence_number: int | None) -> None:
        if queue.settings.forward_to:
            self.inlet(queue.settings.forward_to).send(replace(message, scheduled_for=None))
        else:
            queue.enqueue(message, enqueued_sequence_number=enqueued_sequence_number)


def normalize(address: str) -> str:
    """Addresses come as `queue` or as `amqps://host:port/queue`, in any case."""
    _, scheme, rest = address.rpartition("://")
    path = rest.partition("/")[2] if scheme else rest
    return path.strip("/").lower()
