"""The delivered file: the scan as it was, upright, with what was read laid invisibly over it."""

from shared.searchable.document import make_searchable

__all__ = ["make_searchable"]
