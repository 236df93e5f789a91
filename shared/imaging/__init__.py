"""From a page of a scan to a picture an OCR engine reads well, and back from its pixels to the page."""
