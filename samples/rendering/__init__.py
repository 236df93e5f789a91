"""Draws submissions as pages and makes them look scanned. The samples, the batches and the training data use it."""

from samples.rendering.degradation import SEVERITIES, Severity, degrade
from samples.rendering.files import write_jpeg, write_pdf, write_png, write_tiff
from samples.rendering.form import Form, Style
from samples.rendering.layout import render_page, render_pages
from samples.rendering.letters import render_plain_text

__all__ = [
    "SEVERITIES",
    "Form",
    "Severity",
    "Style",
    "degrade",
    "render_page",
    "render_pages",
    "render_plain_text",
    "write_jpeg",
    "write_pdf",
    "write_png",
    "write_tiff",
]
