"""Gonggo (공고): announcements of regional AI programmes in Korea, from a site's list page to a query."""

__version__ = "0.1.0"
