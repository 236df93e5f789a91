"""Microsoft 365 on one machine: the Graph calls in use and the Teams Workflows webhook, over HTTP, kept on disk."""

from local.microsoft365.server import Microsoft365

__all__ = ["Microsoft365"]
