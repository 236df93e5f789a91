"""`make bench`: every measurement in one run, as ratios where machines differ."""

from __future__ import annotations

import tempfile
from pathlib import Path

from bench import importing, ocr, pages, pipeline, reconciliation, status_speed, telemetry


def tell(line: str) -> None:
    print(line, flush=True)


def main() -> None:
    tell("== importing")
    importing.measure(tell)
    tell("== pipeline against the bare engine")
    with tempfile.TemporaryDirectory() as folder:
        pipeline.measure(Path(folder), tell)
    for title, part in (
        ("reading prepared and raw pages", ocr),
        ("pages of generated stacks", pages),
        ("telemetry on and off", telemetry),
        ("reconciliation of injected losses", reconciliation),
        ("status of 100,000 documents", status_speed),
    ):
        tell(f"== {title}")
        part.main()


if __name__ == "__main__":
    main()
