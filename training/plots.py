"""The evaluation as one HTML page with plots drawn into it; it needs nothing but a browser."""

from __future__ import annotations

import html
import io
from collections.abc import Sequence
from typing import Any

from training.measuring import Measurement

STYLE = """
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 62rem; padding: 0 1rem; color: #1f2328; }
table { border-collapse: collapse; margin: .5rem 0 1.5rem; } td, th { padding: .25rem .75rem; text-align: left; }
th { border-bottom: 2px solid #d0d7de; } td { border-bottom: 1px solid #eaeef2; font-variant-numeric: tabular-nums; }
figure { margin: 1rem 0; } svg { max-width: 100%; height: auto; } .wrong { color: #b42318; }
"""


def report_page(title: str, measurements: Sequence[Measurement]) -> str:
    overview = _table(
        ("set", "documents", "right first", "sent without asking", "right of sent", "calibration error"),
        [
            (
                m.title,
                str(m.documents),
                _percent(m.right_first),
                _percent(m.sent),
                _percent(m.right_of_sent),
                f"{m.calibration_error:.3f}",
            )
            for m in measurements
        ],
    )
    parts = "".join(_section(measurement) for measurement in measurements)
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{html.escape(title)}</title>'
        f"<style>{STYLE}</style></head><body><h1>{html.escape(title)}</h1>{overview}{parts}</body></html>\n"
    )


def _section(measurement: Measurement) -> str:
    departments = _table(
        ("department", "documents", "precision", "recall"),
        [(d.department, str(d.documents), _percent(d.precision), _percent(d.recall)) for d in measurement.departments],
    )
    mistakes = _table(
        ("document", "belongs to", "guessed", "confidence", "sent"),
        [
            (o.name, o.truth, o.guess, f"{o.confidence:.2f}", "yes" if o.sent else "no")
            for o in measurement.mistakes[:60]
        ],
    )
    return (
        f"<h2>{html.escape(measurement.title)}</h2><figure>{_reliability(measurement)}</figure>"
        f"<figure>{_confusion(measurement)}</figure>{departments}<h3>Not right</h3>{mistakes}"
    )


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    heads = "".join(f"<th>{html.escape(cell)}</th>" for cell in head)
    body = "".join("<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in row) + "</tr>" for row in rows)
    return f"<table><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table>"


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{share:.1%}"


def _reliability(measurement: Measurement) -> str:
    figure, axes = _figure(5.2, 4.0)
    axes.plot([0, 1], [0, 1], color="#8c959f", linewidth=1, linestyle="--", label="honest")
    points = measurement.reliability
    axes.plot([b.confidence for b in points], [b.right for b in points], color="#0969da", marker="o", label="measured")
    for b in points:
        axes.annotate(
            str(b.documents), (b.confidence, b.right), textcoords="offset points", xytext=(6, -10), fontsize=8
        )
    axes.set(xlabel="confidence", ylabel="share that was right", xlim=(0, 1.02), ylim=(0, 1.05), title="Reliability")
    axes.legend(frameon=False)
    return _svg(figure)


def _confusion(measurement: Measurement) -> str:
    names = sorted({*measurement.confusion, *(guess for row in measurement.confusion.values() for guess in row)})
    table = [[measurement.confusion.get(truth, {}).get(guess, 0) for guess in names] for truth in names]
    figure, axes = _figure(9.0, 8.0)
    axes.imshow(table, cmap="Blues")
    for row, counts in enumerate(table):
        for column, count in enumerate(counts):
            if count:
                colour = "white" if count > max(map(max, table)) / 2 else "black"
                axes.text(column, row, str(count), ha="center", va="center", fontsize=8, color=colour)
    axes.set_xticks(range(len(names)), names, rotation=60, ha="right", fontsize=8)
    axes.set_yticks(range(len(names)), names, fontsize=8)
    axes.set(xlabel="guessed", ylabel="belongs to", title="Confusion")
    return _svg(figure)


def _figure(width: float, height: float) -> tuple[Any, Any]:
    import matplotlib

    matplotlib.use("svg")
    matplotlib.rcParams["svg.hashsalt"] = "podatelna"
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(width, height), layout="constrained")
    axes.spines[["top", "right"]].set_visible(False)
    return figure, axes


def _svg(figure: Any) -> str:
    from matplotlib import pyplot

    text = io.StringIO()
    figure.savefig(text, format="svg", metadata={"Date": None})
    pyplot.close(figure)
    drawing = text.getvalue()
    return drawing[drawing.index("<svg") :]
