"""Delivery: the file in the department's library, the card in its channel, the letter to an outside authority.

The stages take one message (cards: many) and never fail for what was foreseen: it is retried later or given up.
"""

from shared.delivery.announcing import post_cards
from shared.delivery.filing import file_document
from shared.delivery.forwarding import forward_document
from shared.delivery.moves import move_document
from shared.delivery.replay import replay_document

__all__ = ["file_document", "forward_document", "move_document", "post_cards", "replay_document"]
