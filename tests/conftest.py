"""Fixtures every test may use."""

from tests.stack_fixtures import service_bus, storage

__all__ = ["service_bus", "storage"]
