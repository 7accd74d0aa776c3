"""Fixtures of the tests that need the whole product."""

from page_browser import browser, look

__all__ = ["browser", "look"]
