"""Which department a text belongs to, how sure that is, and why."""

from __future__ import annotations

from shared.classifier.evidence import Evidence, EvidenceIndex
from shared.departments import City
from shared.kinds import Catalogue
from shared.model import Candidate, Decision, DocumentText

ENOUGH_TEXT = 15
SHOWN_CANDIDATES = 3


class CityClassifier:
    """Implements ports.Classifier with the catalogue's evidence."""

    def __init__(self, city: City, catalogue: Catalogue) -> None:
        self._city = city
        self._catalogue = catalogue
        self._evidence = EvidenceIndex(catalogue)
        self._threshold = 0.75

    def classify(self, text: DocumentText) -> Decision:
        if sum(c.isalpha() for c in text.text) < ENOUGH_TEXT:
            reasons = ["Na dokumente nie je takmer žiadny čitateľný text."]
            return Decision(kind=None, department=None, confidence=0.0, sure=False, reasons=reasons)
        evidence = self._evidence.find(text.text)
        candidates = _shares(evidence)
        if not candidates:
            reasons = ["V texte sa nenašlo nič, čo by hovorilo za niektoré oddelenie."]
            return Decision(kind=None, department=None, confidence=0.0, sure=False, reasons=reasons)
        best = candidates[0]
        kinds = [kind.id for kind in self._catalogue.kinds if kind.department == best.department]
        kind = max(kinds, key=lambda name: evidence.kinds.get(name, 0.0))
        quotes = ", ".join(f"„{quote}“" for quote in evidence.quotes(kinds))
        reasons = [f"Za {self._city.by_id[best.department].name} hovorí: {quotes}."]
        sure = best.confidence >= self._threshold
        if not sure:
            reasons.append("Istota nestačí na odoslanie bez otázky.")
        return Decision(
            kind=kind,
            department=best.department,
            confidence=best.confidence,
            sure=sure,
            candidates=candidates[:SHOWN_CANDIDATES],
            reasons=reasons,
            model="evidence",
        )


def _shares(evidence: Evidence) -> list[Candidate]:
    powers = {name: score**1.5 for name, score in evidence.departments.items()}
    total = sum(powers.values()) + 10.0
    shares = [Candidate(department=name, confidence=round(power / total, 3)) for name, power in powers.items()]
    return sorted(shares, key=lambda candidate: -candidate.confidence)
