"""What a department reads in its Teams channel, as Adaptive Cards 1.4 (pure: no clock, no input or output).

Text that was read off a document is never trusted: see shared/cards/wording.py.
"""

from shared.cards.building import build_card, build_scan_card
from shared.cards.digest import build_digest
from shared.cards.news import Looks, News, Topic

__all__ = ["Looks", "News", "Topic", "build_card", "build_digest", "build_scan_card"]
