"""Is everything that was scanned somewhere? Asked of the blobs themselves, every morning and by `podatelna reconcile`.

    scanned = delivered + in review + quarantined + duplicates + failed + under way (+ missing, which must be none)

What is missing or stuck is named and started again by the message it waits for.
"""

from shared.reconciliation.backlog import measure_backlog
from shared.reconciliation.checking import reconcile
from shared.reconciliation.notice import build_notice
from shared.reconciliation.report import Finding, Report, Trouble

__all__ = ["Finding", "Report", "Trouble", "build_notice", "measure_backlog", "reconcile"]
