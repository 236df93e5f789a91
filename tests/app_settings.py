"""A complete set of app settings that leads nowhere: enough to compose the app, not to reach anything."""

from __future__ import annotations

from shared.departments import City, Delivery
from shared.settings import webhook_setting


def complete_settings(city: City) -> dict[str, str]:
    webhooks = {
        webhook_setting(department.id): f"https://workflows.invalid/{department.id}"
        for department in city.departments
        if Delivery.TEAMS in department.channels
    }
    return {
        "STORAGE__blobServiceUri": "https://storage.invalid",
        "STORAGE__queueServiceUri": "https://queue.invalid",
        "STORAGE__tableServiceUri": "https://table.invalid",
        "SERVICEBUS__fullyQualifiedNamespace": "bus.invalid",
        "DOCUMENT_INTELLIGENCE_ENDPOINT": "https://ocr.invalid",
        "REVIEW_DESK_URL": "https://desk.invalid/api/desk",
        **webhooks,
    }
