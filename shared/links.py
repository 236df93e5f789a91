"""Addresses of the review desk that cards and letters lead to; the desk's routes are these."""

from __future__ import annotations

from urllib.parse import quote


def document_page(desk_url: str, document_id: str) -> str:
    return f"{desk_url.rstrip('/')}/dokument/{quote(document_id)}"


def not_ours_page(desk_url: str, document_id: str) -> str:
    """The document's page with the move to another department opened."""
    return f"{document_page(desk_url, document_id)}?krok=nepatri-nam"
