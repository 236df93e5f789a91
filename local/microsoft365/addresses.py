"""How a request names an item of a drive.

    root    items/{id}                              by id
    root:/a/b.pdf    items/{id}:/a/b.pdf            by path below the root or below an item
    …/children    …:/content                        and then what is asked of it

The SDKs percent-encode colons and slashes when a path is given in place of an id; both forms mean the same.
learn.microsoft.com/graph/onedrive-addressing-driveitems
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import unquote

from local.microsoft365.graph_errors import bad_request, not_found


@dataclass(frozen=True)
class ItemAddress:
    anchor: str
    path: tuple[str, ...]
    action: str

    @property
    def name(self) -> str:
        """What the item itself is called; only when addressed by path."""
        if not self.path:
            raise bad_request("Address the file by its path, as in items/{parent}:/{name}:/…")
        return self.path[-1]


def parse_address(raw: str) -> ItemAddress:
    """`raw` is what follows /drives/{id}/ in the request's undecoded path."""
    head, *after = unquote(raw).split(":")
    anchor, below = _anchor(head)
    if not after:
        return ItemAddress(anchor, (), below)
    if below or len(after) > 2 or not after[0].startswith("/"):
        raise bad_request("The provided path is not valid; names must not contain ':'")
    action = after[1].strip("/") if len(after) == 2 else ""
    return ItemAddress(anchor, tuple(part for part in after[0].split("/") if part), action)


def _anchor(head: str) -> tuple[str, str]:
    parts = head.split("/")
    if parts[0] == "root":
        return "root", "/".join(parts[1:])
    if parts[0] == "items" and len(parts) > 1 and parts[1]:
        return parts[1], "/".join(parts[2:])
    raise not_found(f"Resource not found for the segment '{parts[0]}'.")
