"""`podatelna up`: the local stack stays up and watches a folder, as a scanner's share would be."""

from __future__ import annotations

import asyncio
import signal
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from cli.state import announce, kept, withdraw
from local.folder import watch_folder
from local.stack import Stack
from shared.bootstrap import build_services


def up(
    folder: Annotated[Path, typer.Option(help="The scanner's folder; made when it is missing.")] = Path("scans"),
    state: Annotated[str, typer.Option(help="Name of the state to go on with: up, demo or run.")] = "up",
    port: Annotated[int, typer.Option(help="Port of the page of Microsoft 365 (0: any free one).")] = 8365,
) -> None:
    """Keep the local stack up and take in what is put into a folder, until Ctrl-C."""
    folder.mkdir(parents=True, exist_ok=True)
    asyncio.run(_serve(folder.resolve(), state, port, Console()))


async def _serve(folder: Path, state: str, port: int, console: Console) -> None:
    stopping = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    with console.status("starting") as status:
        stack = Stack(kept(state), port=port, tell=lambda part: status.update(f"starting {part}"))
        await stack.__aenter__()
    try:
        announce(stack)
        services = build_services(stack.environment)
        console.print(f"Libraries, channels and mail: [bold]{stack.page_url}[/]")
        console.print(f"Overview:                     [bold]{stack.page_url}/prehlad[/]")
        console.print(f"Review desk:                  [bold]{stack.environment['REVIEW_DESK_URL']}[/]")
        console.print(f"Put scans into:               [bold]{folder}[/]")
        console.print("Stop with Ctrl-C.")
        watching = asyncio.create_task(watch_folder(folder, services.blobs, console.print))
        await stopping.wait()
        watching.cancel()
        await services.close()
    finally:
        withdraw()
        with console.status("stopping"):
            await stack.stop()
