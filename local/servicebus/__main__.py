"""`python -m local.servicebus --config Config.json [--host 127.0.0.1] [--port 0] [--state DIR]`.

Prints one line, `listening on PORT`, when clients can connect. Ends cleanly on SIGTERM or SIGINT (exit 0);
a wrong configuration or a taken port ends it at once, with the reason on standard error (exit 2).
"""

from __future__ import annotations

import argparse
import signal
import sys
from pathlib import Path

from local.servicebus.broker import Broker
from shared.errors import ConfigurationError


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m local.servicebus", description="A local Service Bus.")
    parser.add_argument("--config", type=Path, required=True, help="the emulator's Config.json")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free port")
    parser.add_argument("--state", type=Path, help="folder for messages that outlive this process")
    options = parser.parse_args(arguments)
    # Blocked before the broker's thread starts, so that the signals wait for sigwait below.
    signals = {signal.SIGTERM, signal.SIGINT}
    signal.pthread_sigmask(signal.SIG_BLOCK, signals)
    try:
        broker = Broker(options.config, options.host, options.port, options.state)
        broker.start()
    except ConfigurationError as error:
        print("\n".join(error.problems), file=sys.stderr)
        return 2
    except OSError as error:
        print(f"cannot listen on {options.host}:{options.port}: {error.strerror}", file=sys.stderr)
        return 2
    print(f"listening on {broker.port}", flush=True)
    signal.sigwait(signals)
    broker.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
