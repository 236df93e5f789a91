"""python -m local.microsoft365 --state DIR [--port 0] [--config config/departments.yaml] [--faults FILE]"""

from __future__ import annotations

import argparse
import asyncio
import os
import signal
import sys
from pathlib import Path

from local.microsoft365.faults import read_plan
from local.microsoft365.server import Microsoft365
from local.overview import overview_routes
from shared.departments import load_city
from shared.errors import ConfigurationError

CONFIG = Path(__file__).parents[2] / "config" / "departments.yaml"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m local.microsoft365", description="Microsoft 365 on one machine.")
    parser.add_argument("--state", type=Path, required=True, help="folder that keeps what arrives")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--config", type=Path, default=CONFIG, help="the city's departments.yaml")
    parser.add_argument("--faults", type=Path, help="plan of faults as JSON")
    options = parser.parse_args()
    try:
        asyncio.run(_serve(options))
    except (ConfigurationError, ValueError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


async def _serve(options: argparse.Namespace) -> None:
    faults = read_plan(options.faults) if options.faults else None
    pages = overview_routes(os.environ | {"CONFIG_DIR": str(options.config.parent)})
    server = Microsoft365(options.state, load_city(options.config), port=options.port, faults=faults, pages=pages)
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    await server.start()
    print(f"listening on {server.port}", flush=True)
    await stop.wait()
    await server.stop()


if __name__ == "__main__":
    sys.exit(main())
