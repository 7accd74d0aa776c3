"""Fixtures of the tests that need the whole product."""

from page_browser import browser, glance, look, visitor

__all__ = ["browser", "glance", "look", "visitor"]
