"""What operations see: a span a stage, metrics, and the trace that a document carries from the scan to the card.

Only OpenTelemetry's API is used here. Whoever runs the functions brings the SDK: in Azure the Functions worker
(`PYTHON_APPLICATIONINSIGHTS_ENABLE_TELEMETRY=true`), elsewhere shared/telemetry/exporting.py; without one, nothing is
recorded. No personal data goes out: ids, states, counts and times, never a file's name, a title, a reason or text.
"""

from shared.telemetry.names import Attribute, Metric, Outcome, Stage
from shared.telemetry.observed import ObservedBus, ObservedLedger
from shared.telemetry.runs import note_failure
from shared.telemetry.telemetry import Telemetry

__all__ = ["Attribute", "Metric", "ObservedBus", "ObservedLedger", "Outcome", "Stage", "Telemetry", "note_failure"]
