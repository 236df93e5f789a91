"""The card that tells the mailroom what the morning's check found; sent only when something is wrong."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from shared.cards.elements import card, facts, heading, label, open_url, text
from shared.reconciliation.report import Count, Finding, Report, Trouble

MOST_LINES = 12
COUNTS = {
    Count.SCANNED: "Naskenované",
    Count.DELIVERED: "Doručené",
    Count.REVIEW: "Rozhoduje podateľňa",
    Count.QUARANTINED: "Odložené (nečitateľné)",
    Count.DUPLICATE: "Opakované súbory",
    Count.FAILED: "Zlyhané",
    Count.UNDER_WAY: "Spracúvajú sa",
    Count.MISSING: "Chýbali",
}
TOLD = {
    Trouble.UNANNOUNCED: "sken nebol spracovaný",
    Trouble.LOST: "dokument chýba v evidencii",
    Trouble.STUCK: "dokument čaká priveľmi dlho",
    Trouble.HOMELESS: "strana {page} nie je v žiadnom dokumente",
    Trouble.VANISHED: "sken zmizol z úložiska skôr, než bol spracovaný; naskenujte ho znova",
    Trouble.CLOCK: "zápis v evidencii je z budúcnosti; skontrolujte hodiny servera",
}


def build_notice(report: Report, desk_url: str) -> dict[str, Any]:
    """An Adaptive Card; numbers only, no file's name."""
    lines = [text(f"• {describe(finding)}", spacing="None") for finding in report.findings[:MOST_LINES]]
    rest = len(report.findings) - len(lines)
    counts = [(title, str(report.counts[count])) for count, title in COUNTS.items()]
    return card(
        [
            label("Ranná kontrola", "Attention"),
            heading(_headline(report.findings)),
            *lines,
            *([text(f"a ešte {rest}; všetky vypíše príkaz podatelna reconcile", isSubtle=True)] if rest else []),
            facts(counts),
        ],
        [open_url("Otvoriť stôl podateľne", desk_url, "positive")],
    )


def describe(finding: Finding) -> str:
    """One line in Slovak."""
    told = f"{finding.id}: {TOLD[finding.trouble].format(page=finding.page)}"
    if finding.waits:
        told += f" ({_period(finding.waits)})"
    return f"{told} – spustené znova" if finding.restarted else told


def _headline(findings: Sequence[Finding]) -> str:
    if all(finding.restarted for finding in findings):
        return "Niečo sa zdržalo, systém to spustil znova"
    return "Treba sa pozrieť na dokumenty, ktoré sa zdržali"


def _period(waits: timedelta) -> str:
    minutes = int(waits.total_seconds() // 60)
    if minutes < 120:
        return f"{minutes} min"
    return f"{minutes // 60} h" if minutes < 48 * 60 else f"{minutes // 1440} dní"
