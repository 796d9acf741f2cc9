"""The name of ``list_assertions`` in version 0.1, kept for scripts until version 0.3."""

from gonggo.sources.list_assertions import check_list_page as examine

__all__ = ["examine"]
