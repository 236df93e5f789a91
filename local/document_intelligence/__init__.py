"""Document Intelligence on one machine: the 2023-07-31 REST shape of `prebuilt-read`, answered by Tesseract."""

from local.document_intelligence.server import DocumentIntelligence
from local.document_intelligence.troubles import Trouble

__all__ = ["DocumentIntelligence", "Trouble"]
