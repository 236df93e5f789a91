"""The files a person names on the command line."""

from __future__ import annotations

from pathlib import Path

import typer


def collect(paths: list[Path]) -> list[Path]:
    """Files as they are, folders with everything below them but hidden files; refuses what does not exist."""
    missing = [str(path) for path in paths if not path.exists()]
    if missing:
        raise typer.BadParameter(f"no such file or folder: {', '.join(missing)}")
    files = [file for path in paths for file in (sorted(path.rglob("*")) if path.is_dir() else [path])]
    found = [file for file in files if file.is_file() and not file.name.startswith(".")]
    if not found:
        raise typer.BadParameter("there is no file in what you named; give scans or a folder of scans")
    return list(dict.fromkeys(found))
