"""How long a cold start imports function_app, and that the heavy SDKs wait until they are used."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from statistics import median

from shared.departments import load_city
from tests.app_settings import complete_settings

ROOT = Path(__file__).resolve().parent.parent
HEAVY = ("msgraph", "azure.ai.formrecognizer", "cv2", "pikepdf", "sklearn", "numpy")
PROGRAM = f"""
import json, sys, time
began, worked = time.perf_counter(), time.process_time()
import function_app
took, worked = time.perf_counter() - began, time.process_time() - worked
json.dump([took, worked, [name for name in {HEAVY!r} if name in sys.modules]], sys.stdout)
"""


def measure(tell: Callable[[str], None], times: int = 7) -> None:
    """Each time in a process of its own, with bytecode and a warm disk."""
    settings = complete_settings(load_city(ROOT / "config" / "departments.yaml"))
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"} | settings
    found = []
    for _ in range(times + 1):  # the first one writes the bytecode
        done = subprocess.run(  # noqa: S603
            [sys.executable, "-c", PROGRAM], cwd=ROOT, env=environment, check=True, capture_output=True, text=True
        )
        found.append(json.loads(done.stdout))
    took, worked = (median(one[column] for one in found[1:]) for column in (0, 1))
    tell(f"cold import of function_app: {took:.2f} s, of that {worked:.2f} s of processor time (wanted < 0.6 s)")
    tell(f"  heavy packages imported with it: {', '.join(found[-1][2]) or 'none'}")
