"""What became of a delivery, in the words that list, page and documents share."""

from __future__ import annotations

from collectors.store.deliveries import Delivery, DeliveryState


def state_words(delivery: Delivery, now: int) -> str:
    """What became of it; one that was cut off may or may not be there."""
    match delivery.state_at(now):
        case DeliveryState.SENT:
            return "sent"
        case DeliveryState.FAILED:
            return f"failed: {(delivery.error or '').partition(chr(10))[0]}"
        case DeliveryState.STARTED:
            return "being made"
        case DeliveryState.UNKNOWN:
            return "unknown whether sent, tried again"
