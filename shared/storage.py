"""The storage account's containers and queues by name; Bicep makes the same, a test compares them."""

from __future__ import annotations

SCANS = "scans"
CONTAINERS = (
    SCANS,
    "documents",
    "delivered",
    "extracted",
    "quarantine",
    "blanks",
    "previews",
    "corrections",
)
# The host's own name for scans it gave up on.
# https://learn.microsoft.com/azure/azure-functions/functions-bindings-storage-blob-trigger#poison-blobs
POISON_QUEUE = "webjobs-blobtrigger-poison"
QUEUES = (POISON_QUEUE,)
TABLES = ("documents", "sources", "claims", "turns", "signatures")
