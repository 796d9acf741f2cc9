"""Former name of ``list_assertions``, for scripts that were written for version 0.1; it goes with version 0.3."""

from gonggo.sources.list_assertions import check_list_page as examine

__all__ = ["examine"]
