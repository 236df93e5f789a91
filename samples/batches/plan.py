"""What a stack in the feeder holds: drawn from a seed before any page is drawn, and written down as the truth."""

from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np

from samples.catalogue import SAMPLES, Sample
from samples.rendering.form import Form

Cut = Literal["qr", "qr-department", "patch-t", "titles", "numbering", "labels"]
CUTS: tuple[Cut, ...] = ("qr", "qr-department", "patch-t", "titles", "numbering", "labels")
WITH_SHEETS: tuple[Cut, ...] = ("qr", "qr-department", "patch-t")
SOURCES: tuple[Sample, ...] = tuple(
    sample for sample in SAMPLES if isinstance(sample.source, Form) and sample.expected == "delivered"
)

BlankKind = Literal["clean", "show-through", "holes", "staple", "shadow"]
BLANKS: tuple[BlankKind, ...] = ("clean", "show-through", "show-through", "holes", "staple", "shadow")


@dataclass(slots=True)
class Leaf:
    """One scanned page. `rotation` is how far clockwise it was turned; `extra_skew` is on top of the scan's own."""

    kind: Literal["document", "separator", "blank"]
    document: int | None = None
    part: int = 0
    rotation: int = 0
    extra_skew: float = 0.0
    department: str | None = None
    blank: BlankKind | None = None

    def truth(self, page: int) -> dict[str, Any]:
        facts = {"document": self.document, "rotation": self.rotation, "blank": self.blank}
        return {"page": page, "kind": self.kind} | {key: value for key, value in facts.items() if value}


@dataclass(slots=True)
class Document:
    number: int
    sample: Sample
    attachments: int = 0
    numbered: bool | None = None
    label: str | None = None
    department: str | None = None
    """Set by a department's separator sheet."""


@dataclass(slots=True)
class Plan:
    file: str
    cut: Cut
    severity: str
    double_sided: bool
    documents: list[Document] = field(default_factory=list)
    leaves: list[Leaf] = field(default_factory=list)

    def truth(self) -> dict[str, Any]:
        """One line of the truth: every page's fate, and every document's pages and decided department."""
        return {
            "file": self.file,
            "cut": self.cut,
            "severity": self.severity,
            "double_sided": self.double_sided,
            "pages": [leaf.truth(page) for page, leaf in enumerate(self.leaves, 1)],
            "documents": [
                {
                    "document": document.number,
                    "pages": [page for page, leaf in enumerate(self.leaves, 1) if leaf.document == document.number],
                    "kind": document.sample.kind,
                    "belongs_to": document.sample.department,
                    "department": document.department,
                    "label": document.label,
                }
                for document in self.documents
            ],
        }


def plan_documents(plan: Plan, rng: np.random.Generator) -> None:
    """Choose the submissions. Without sheets, only those that can be told apart: by title, page numbers, or label."""
    for number in range(1, int(rng.integers(1, 6)) + 1):
        document = Document(number, SOURCES[int(rng.integers(len(SOURCES)))])
        if plan.cut in WITH_SHEETS or plan.cut == "labels":
            document.attachments = int(rng.choice((0, 0, 0, 1, 2)))
        if plan.cut == "numbering":
            document.attachments = int(rng.integers(0, 4))
            document.numbered = True
        if plan.cut == "labels":
            document.label = f"MsU-2026-{int(rng.integers(10_000, 99_999))}"
        if plan.cut == "qr-department":
            document.department = document.sample.department
        plan.documents.append(document)


def plan_leaves(plan: Plan, page_counts: list[int], rng: np.random.Generator) -> None:
    """Put the pages in the order of the feeder, with sheets before documents and a back behind each front."""
    for document, count in zip(plan.documents, page_counts, strict=True):
        if plan.cut in WITH_SHEETS and (document.number > 1 or rng.random() < 0.7):
            add_sheets(plan, document.department, rng)
        turned = int(rng.choice((0, 0, 0, 0, 90, 180, 270)))
        for part in range(count):
            rotation = turned if rng.random() < 0.8 else int(rng.choice((0, 180)))
            plan.leaves.append(Leaf("document", document.number, part, rotation))
            if plan.double_sided and (part == count - 1 or rng.random() < 0.5):
                add_back(plan, rng)
    if plan.cut in WITH_SHEETS and rng.random() < 0.2:
        add_sheets(plan, None, rng)
    # A department's sheet that is missing before the first document decides nothing for it.
    if plan.leaves[0].kind == "document":
        plan.documents[0].department = None


def add_sheets(plan: Plan, department: str | None, rng: np.random.Generator) -> None:
    """A separator, now and then doubled, upside down, sideways, or badly askew."""
    for _ in range(2 if rng.random() < 0.15 else 1):
        rotation = int(rng.choice((0, 0, 0, 180, 90, 270)))
        skew = float(rng.uniform(-8, 8)) if rng.random() < 0.3 else 0.0
        plan.leaves.append(Leaf("separator", rotation=rotation, extra_skew=skew, department=department))
        if plan.double_sided:
            add_back(plan, rng)


def add_back(plan: Plan, rng: np.random.Generator) -> None:
    plan.leaves.append(Leaf("blank", blank=BLANKS[int(rng.integers(len(BLANKS)))]))
