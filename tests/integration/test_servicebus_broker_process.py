"""The local broker when clients vanish or talk nonsense, when it restarts, and as a process of its own."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from azure.servicebus import ServiceBusClient, ServiceBusMessage
from azure.servicebus.exceptions import MessageLockLostError

from local.servicebus.broker import Broker, connection_string
from tests.fakes_broker import config
from tests.integration.servicebus_client import nothing, receive, send

pytestmark = pytest.mark.slow

SOURCE = config({"q": {"LockDuration": "PT30S"}, "brief": {"LockDuration": "PT1S"}})


@pytest.fixture
def broker() -> Iterator[Broker]:
    broker = Broker(SOURCE)
    broker.start()
    yield broker
    broker.stop()


def test_what_a_vanished_client_had_locked_comes_back_when_its_lock_ends(broker: Broker) -> None:
    script = (
        "import os, sys; from azure.servicebus import ServiceBusClient\n"
        "client = ServiceBusClient.from_connection_string(sys.argv[1])\n"
        "receiver = client.get_queue_receiver('brief')\n"
        "print(len(receiver.receive_messages(max_wait_time=5)), flush=True); os._exit(9)"
    )
    with ServiceBusClient.from_connection_string(broker.connection_string) as client:
        send(client, "brief", "a")
        command = [sys.executable, "-c", script, broker.connection_string]
        gone = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
        assert (gone.stdout, gone.returncode) == ("1\n", 9)
        with client.get_queue_receiver("brief") as receiver:
            (message,) = receive(receiver)
            assert message.delivery_count == 1
            receiver.complete_message(message)


def test_a_client_that_talks_nonsense_disturbs_nobody(broker: Broker) -> None:
    for nonsense in (b"GET / HTTP/1.1\r\n\r\n", b"AMQP\x03\x01\x00\x00\x00\x00\x00\x02", os.urandom(4096), b""):
        with socket.create_connection(("127.0.0.1", broker.port)) as stranger:
            stranger.sendall(nonsense)
    with ServiceBusClient.from_connection_string(broker.connection_string) as client:
        send(client, "q", "a")
        with client.get_queue_receiver("q") as receiver:
            assert str(receive(receiver)[0]) == "a"


def test_clients_go_on_after_the_broker_restarts_and_nothing_is_lost(tmp_path: Path) -> None:
    broker = Broker(SOURCE, state=tmp_path / "state")
    broker.start()
    with (
        ServiceBusClient.from_connection_string(broker.connection_string, retry_backoff_factor=0.1) as client,
        client.get_queue_sender("q") as sender,
        client.get_queue_receiver("q") as receiver,
    ):
        sender.send_messages([ServiceBusMessage(body) for body in "abc"])
        receiver.complete_message(receive(receiver)[0])
        locked = receive(receiver)[0]
        port = broker.port
        broker.stop()
        broker.start()
        assert broker.port == port
        assert broker.counts()["q"].active == 2
        sender.send_messages(ServiceBusMessage("d"))
        with pytest.raises(MessageLockLostError):
            receiver.complete_message(locked)
        messages = receive(receiver, 3, wait=15)
        assert [str(message) for message in messages] == ["b", "c", "d"]
        for message in messages:
            receiver.complete_message(message)
    broker.stop()


def test_a_message_that_was_acknowledged_survives_a_killed_process(tmp_path: Path) -> None:
    with broker_process(tmp_path) as (process, address), ServiceBusClient.from_connection_string(address) as client:
        send(client, "q", *"abc")
        process.kill()
        process.wait()
    with (
        broker_process(tmp_path) as (process, address),
        ServiceBusClient.from_connection_string(address) as client,
        client.get_queue_receiver("q") as receiver,
    ):
        assert [str(message) for message in receive(receiver, 3)] == ["a", "b", "c"]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_process_ends_cleanly_on_a_signal_while_clients_are_connected(tmp_path: Path, number: int) -> None:
    with (
        broker_process(tmp_path) as (process, address),
        ServiceBusClient.from_connection_string(address) as client,
        client.get_queue_receiver("q") as receiver,
    ):
        assert nothing(receiver)
        process.send_signal(number)
        assert process.wait(timeout=5) == 0
        assert process.stderr is not None
        assert process.stderr.read() == ""


@contextmanager
def broker_process(folder: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """`python -m local.servicebus` with its state in the folder, and its connection string."""
    path = folder / "Config.json"
    path.write_text(json.dumps(SOURCE))
    command = [sys.executable, "-m", "local.servicebus", "--config", str(path), "--state", str(folder / "state")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            line = process.stdout.readline()
            assert line.startswith("listening on ")
            yield process, connection_string("127.0.0.1", int(line.removeprefix("listening on ")))
        finally:
            process.kill()


def test_the_process_tells_what_is_wrong_with_its_configuration(tmp_path: Path) -> None:
    path = tmp_path / "Config.json"
    path.write_text('{"UserConfig": {"Namespaces": [{"Queues": [{"Nme": "q"}]}]}}')
    command = [sys.executable, "-m", "local.servicebus", "--config", str(path)]
    failed = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    assert failed.returncode == 2
    assert failed.stderr.splitlines() == [
        f"{path}: $.UserConfig.Namespaces[0].Queues[0].Name: is missing; add it",
        f"{path}: $.UserConfig.Namespaces[0].Queues[0].Nme: is not a known key here; remove it or mend its spelling",
    ]
