"""python -m local.document_intelligence [--port 0] [--tier S0|F0] [--tessdata DIR] [--troubles FILE]"""

from __future__ import annotations

import argparse
import asyncio
import signal
import sys
from pathlib import Path

from local.document_intelligence.server import TESSDATA, TIERS, DocumentIntelligence
from local.document_intelligence.troubles import read_script


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m local.document_intelligence", description="Document Intelligence on one machine."
    )
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--tier", choices=sorted(TIERS), default="S0", help="F0 reads two pages and 4 MB only")
    parser.add_argument("--tessdata", type=Path, default=TESSDATA, help="folder that holds slk.traineddata")
    parser.add_argument("--troubles", type=Path, help="script of troubles as JSON")
    options = parser.parse_args()
    try:
        asyncio.run(_serve(options))
    except (ValueError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


async def _serve(options: argparse.Namespace) -> None:
    script = read_script(options.troubles) if options.troubles else {}
    if not (options.tessdata / "slk.traineddata").is_file():
        raise ValueError(
            f"{options.tessdata}: no slk.traineddata; apt-get install tesseract-ocr-slk, or give --tessdata"
        )
    server = DocumentIntelligence(port=options.port, tessdata=options.tessdata, tier=options.tier)
    server.trouble(**script)
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    await server.start()
    print(f"listening on {server.port}", flush=True)
    await stop.wait()
    await server.stop()


if __name__ == "__main__":
    sys.exit(main())
