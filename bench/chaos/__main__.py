"""`python -m bench.chaos [--documents 500] [--seconds 240] [--seed 1]`: exit 1 when a promise is broken."""

from __future__ import annotations

import argparse
import asyncio
import logging
import random
import sys
import tempfile
from pathlib import Path

from bench.chaos.run import Outcome, run

# What the product promises, of all documents.
DOUBLED_CARDS = 0.002
RECOVERY_SECONDS = 120.0


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.chaos", description=__doc__)
    parser.add_argument("--documents", type=int, default=500)
    parser.add_argument("--seconds", type=float, default=240, help="how long everything fails")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--lost-cards", type=int, default=0, help="answers of Teams lost after the card was taken")
    parser.add_argument("--keep", type=Path, help="folder that keeps state and logs")
    options = parser.parse_args()
    logging.basicConfig(level=logging.ERROR)
    with tempfile.TemporaryDirectory(prefix="podatelna-chaos-") as temporary:
        outcome = asyncio.run(
            run(
                options.keep or Path(temporary),
                documents=options.documents,
                seconds=options.seconds,
                lost_cards=options.lost_cards,
                chance=random.Random(options.seed),
            )
        )
    broken = show(outcome, allowed=DOUBLED_CARDS * options.documents + options.lost_cards * 20)
    return 1 if broken else 0


def show(outcome: Outcome, *, allowed: float) -> list[str]:
    """Print the figures; returns the promises that were broken."""
    verdict = outcome.verdict
    lines = {
        "documents": verdict.documents,
        "lost": len(verdict.lost),
        "files doubled": len(verdict.doubled_files),
        "in a wrong library": len(verdict.misplaced),
        "never announced": len(verdict.unannounced),
        "announced twice": f"{verdict.doubled} ({verdict.doubled_share:.2%})",
        "given up or unfinished": len(verdict.failed),
        "cards": verdict.cards,
        "seconds to recover": f"{outcome.recovery_seconds:.0f}",
        **{f"  {name}": count for name, count in sorted(outcome.trouble.items())},
    }
    for name, value in lines.items():
        sys.stdout.write(f"{name:<34}{value}\n")
    promises = {
        "no document is lost": not verdict.lost,
        "no file is doubled": not verdict.doubled_files,
        "every document is where it belongs": not verdict.misplaced,
        "every document is announced": not verdict.unannounced,
        "cards are not doubled": verdict.doubled <= allowed,
        "nothing is given up": not verdict.failed,
        "everything arrives within two minutes of the faults' end": outcome.recovery_seconds <= RECOVERY_SECONDS,
    }
    broken = [promise for promise, kept in promises.items() if not kept]
    for promise in broken:
        sys.stdout.write(f"BROKEN: {promise}\n")
    for name in ("lost", "doubled_files", "misplaced", "unannounced", "failed"):
        for document in getattr(verdict, name)[:5]:
            sys.stdout.write(f"  {name}: {document}\n")
    return broken


if __name__ == "__main__":
    sys.exit(main())
