"""What can go wrong, as one tree.

    PodatelnaError
    ├── ConfigurationError            the city's files or the settings are wrong: refuse to start
    ├── TransientError                try again later (retry_after: seconds, when the far end said how long)
    │   ├── LedgerConflict            somebody else advanced the same document in between
    │   └── NotYourTurn               the far end's pace: what waits comes back together
    └── PermanentError                trying again cannot help: a person has to look
        ├── BadScan                   the scanned file cannot become a document: quarantine
        ├── UnknownDocument           no such document in the ledger
        ├── DeliveryRefused           the far end refuses this document for good (403, 404, 410…)
        └── UnreadableText            the OCR engine refuses the document

`reason` is one Slovak sentence for a clerk and holds no personal data; `str(error)` is English for the log.
`advice` says in Slovak what the reader should do; `status` is what a far end answered over HTTP.
"""


class PodatelnaError(Exception):
    """Base of every error this product raises on purpose."""

    permanent = True

    def __init__(self, message: str, *, reason: str = "", advice: str = "", status: int | None = None) -> None:
        super().__init__(message)
        self.reason = reason or message
        self.advice = advice
        self.status = status


class ConfigurationError(PodatelnaError):
    """Every problem found at once, each with file, key and what to write instead."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class TransientError(PodatelnaError):
    """The same call may succeed later."""

    permanent = False

    def __init__(
        self,
        message: str,
        *,
        reason: str = "",
        advice: str = "",
        status: int | None = None,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(message, reason=reason, advice=advice, status=status)
        self.retry_after = retry_after


class LedgerConflict(TransientError):
    """The record changed since it was read; read it again and decide anew."""


class NotYourTurn(TransientError):
    """The far end takes only so much in a time; everything that waits for the same turn should come back at once."""


class PermanentError(PodatelnaError):
    """Trying again cannot help."""


class BadScan(PermanentError):
    """The scanned file is refused; it stays in quarantine with this reason."""


class UnknownDocument(PermanentError):
    """The ledger holds no such document."""


class DeliveryRefused(PermanentError):
    """The far end refuses for good: missing site, no permission, webhook gone."""


class UnreadableText(PermanentError):
    """The OCR engine refuses the document."""
