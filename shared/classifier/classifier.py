"""Which department a text belongs to, how sure that is, and why."""

from __future__ import annotations

from dataclasses import dataclass

from shared.classifier.evidence import Evidence, EvidenceIndex
from shared.classifier.language import NAMES, foreign_language
from shared.classifier.learned import NOBODY, Model
from shared.classifier.policy import Policy
from shared.classifier.stacking import Stacker
from shared.departments import City
from shared.fields import read_fields
from shared.kinds import Catalogue
from shared.model import Candidate, Decision, DocumentText

FEWEST_LETTERS = 25
LONGEST_TEXT = 60_000
CHECKED_PAGES = 40
CLOSE_SECOND = 0.25
WORTH_NAMING = 0.02
SHOWN_CANDIDATES = 3
MOSTLY = 0.6


@dataclass(frozen=True)
class Opinion:
    """What the model thinks of one text: the probability of each department, NOBODY included, and the evidence."""

    probabilities: dict[str, float]
    evidence: Evidence
    kind: str | None

    @property
    def ranked(self) -> list[tuple[str, float]]:
        """Departments, likeliest first, without NOBODY."""
        pairs = [(name, share) for name, share in self.probabilities.items() if name != NOBODY]
        return sorted(pairs, key=lambda pair: -pair[1])

    @property
    def best(self) -> str:
        return self.ranked[0][0]

    @property
    def confidence(self) -> float:
        return self.ranked[0][1]


class CityClassifier:
    """Implements ports.Classifier."""

    def __init__(self, city: City, catalogue: Catalogue, model: Model, policy: Policy) -> None:
        self._city = city
        self._catalogue = catalogue
        self._model = model
        self._policy = policy
        self._evidence = EvidenceIndex(catalogue)
        self._stacker = Stacker(model)

    @property
    def threshold(self) -> float:
        return self._policy.threshold

    def classify(self, text: DocumentText) -> Decision:
        pages = [page.text for page in text.pages]
        whole = "\n".join(pages)[:LONGEST_TEXT]
        letters = sum(char.isalpha() for char in whole)
        if letters < FEWEST_LETTERS:
            return self._unread(letters)
        opinion = self.opine(whole)
        doubts = [*_by_hand(text), *self._doubts(whole, pages, opinion)]
        known = opinion.probabilities[NOBODY] < opinion.confidence
        kind = self._catalogue.by_id.get(opinion.kind or "") if known else None
        return Decision(
            kind=kind.id if kind else None,
            department=opinion.best if known else None,
            confidence=round(opinion.confidence, 4),
            sure=not doubts,
            candidates=[
                Candidate(department=name, confidence=round(share, 4))
                for name, share in opinion.ranked[:SHOWN_CANDIDATES]
            ],
            reasons=[*doubts, *self._grounds(opinion)],
            fields=read_fields(text, kind),
            model=self._model.version,
        )

    def opine(self, text: str) -> Opinion:
        scores = self._model.documents.scores(text)
        evidence = self._evidence.find(text)
        probabilities = self._stacker.probabilities(text, scores, evidence.departments)
        best = max((name for name in probabilities if name != NOBODY), key=lambda name: probabilities[name])
        return Opinion(probabilities, evidence, self._stacker.kind(best, scores, evidence))

    def _unread(self, letters: int) -> Decision:
        what = "Na dokumente sa nenašiel žiadny čitateľný text" if letters == 0 else "Čitateľného textu je príliš málo"
        reasons = [f"{what}, musí sa naň pozrieť človek."]
        return Decision(
            kind=None, department=None, confidence=0.0, sure=False, reasons=reasons, model=self._model.version
        )

    def _doubts(self, whole: str, pages: list[str], opinion: Opinion) -> list[str]:
        """Why a person must decide; empty when the document may go."""
        language = foreign_language(whole)
        if language:
            return [f"Text je zrejme {NAMES[language]}, treba ho posúdiť v podateľni."]
        if opinion.probabilities[NOBODY] >= opinion.confidence:
            return ["Text sa nepodobá na žiadny druh podania, ktorý mesto pozná."]
        apart = self._pages_apart(pages)
        if apart:
            return [f"Strany dokumentu hovoria o rôznych veciach: {apart}. Možno sú to dve podania naraz."]
        if opinion.confidence >= self._policy.threshold:
            return []
        second, share = opinion.ranked[1]
        if share >= CLOSE_SECOND:
            return [f"Dokument môže patriť aj inam: {self._name(opinion.best)} alebo {self._name(second)}."]
        return [f"Istota {_percent(opinion.confidence)} nestačí na odoslanie bez otázky."]

    def _pages_apart(self, pages: list[str]) -> str:
        """Names the departments of two pages that each begin with a title and are sure of another one."""
        if len(pages) < 2:
            return ""
        sure: dict[str, int] = {}
        for number, page in enumerate(pages[:CHECKED_PAGES], 1):
            if sum(char.isalpha() for char in page) >= FEWEST_LETTERS:
                opinion = self.opine(page)
                titled = opinion.best in opinion.evidence.titled
                if titled and opinion.confidence >= self._policy.threshold:
                    sure.setdefault(opinion.best, number)
        named = [f"{self._name(department)} (strana {number})" for department, number in sure.items()]
        return ", ".join(named) if len(named) > 1 else ""

    def _grounds(self, opinion: Opinion) -> list[str]:
        """What speaks for the best department and for the runner-up."""
        grounds = []
        for place, (department, share) in enumerate(opinion.ranked[:2]):
            if share < WORTH_NAMING:
                continue
            kinds = [kind.id for kind in self._catalogue.kinds if kind.department == department]
            quotes = ", ".join(f"„{quote}“" for quote in opinion.evidence.quotes(kinds))
            why = quotes or "slovník textu, bez jednoznačného výrazu"
            word = "Najskôr" if place == 0 else "Druhá možnosť:"
            grounds.append(f"{word} {self._name(department)} ({_percent(share)}): {why}.")
        return grounds

    def _name(self, department: str) -> str:
        known = self._city.by_id.get(department)
        return known.name if known else department


def _by_hand(text: DocumentText) -> list[str]:
    """What is mostly written by hand is read too badly to be sent unseen."""
    words = [word for page in text.pages for line in page.lines for word in line.words]
    handwritten = sum(word.handwritten for word in words)
    return ["Podanie je písané prevažne rukou."] if handwritten > MOSTLY * len(words) else []


def _percent(share: float) -> str:
    return f"{min(99, round(share * 100))} %"
