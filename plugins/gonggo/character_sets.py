"""Character sets of regular expressions, each worked out once a process.

To compile a set, Python enters each of its characters into a table: 11,172 for the syllables of Hangul, a quarter of a
millisecond for every ``[가-힣]``. The patterns of the extraction have a thousand such sets, but few different ones; to
work out each occurrence took half of the time that a process needs until its first document.
"""

from __future__ import annotations

import importlib
from functools import lru_cache
from typing import Any


def share_character_sets(compiler: Any = None) -> None:
    """Let the compiler of regular expressions work out sets with the same members once.

    Args:
        compiler: The module of the compiler, by default that of the standard library. One that works in another way
            stays as it is.
    """
    try:
        module: Any = compiler or importlib.import_module("re._compiler")
        work_out = module._optimize_charset
    except (ImportError, AttributeError):
        return
    if hasattr(work_out, "worked_out"):
        return

    @lru_cache(maxsize=1024)
    def worked_out(members: tuple[Any, ...]) -> tuple[tuple[Any, ...], Any]:
        optimised, is_cased = work_out([*members])
        return tuple(optimised), is_cased

    def optimised(charset: Any, *folding: Any, **options: Any) -> Any:
        if options or any(one is not None for one in folding):
            return work_out(charset, *folding, **options)
        members, is_cased = worked_out(tuple(charset))
        return [*members], is_cased

    optimised.worked_out = worked_out  # type: ignore[attr-defined]
    module._optimize_charset = optimised
