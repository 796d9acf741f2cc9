"""Gonggo (공고): announcements of regional AI programmes in Korea, from a site's list page to a query."""

from gonggo.character_sets import share_character_sets

__version__ = "0.1.0"

# Before any module compiles its patterns.
share_character_sets()
