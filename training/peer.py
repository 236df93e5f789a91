"""The method paperless-ngx uses, as a yardstick: counts of word 1–2-grams and a multi-layer perceptron.

It always answers; its confidence is the network's own. Settings as in paperless-ngx's classifier: min_df 0.01, ngram
range (1, 2), tolerance 0.01, everything else as scikit-learn has it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sklearn.feature_extraction.text import CountVectorizer
from sklearn.neural_network import MLPClassifier

from shared.model import MAILROOM, Decision
from training.corpus import SEED, Example

RAREST_SHARE = 0.01


def train_peer(examples: Sequence[Example], threshold: float) -> Callable[[str], Decision]:
    vectoriser = CountVectorizer(analyzer="word", ngram_range=(1, 2), min_df=RAREST_SHARE)
    counts = vectoriser.fit_transform(example.text for example in examples)
    network = MLPClassifier(tol=0.01, random_state=SEED)
    network.fit(counts, [example.department or MAILROOM for example in examples])

    def classify(text: str) -> Decision:
        shares = network.predict_proba(vectoriser.transform([text]))[0]
        best = int(shares.argmax())
        department = str(network.classes_[best])
        sure = bool(shares[best] >= threshold) and department != MAILROOM
        return Decision(kind=None, department=department, confidence=float(shares[best]), sure=sure)

    return classify
