"""Find the checkout that this package runs from, for files that only a checkout has: DAGs, demo portal, lock files."""

from __future__ import annotations

import json
from functools import cache
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname


@cache
def checkout() -> Path | None:
    """Return the folder of an editable install; None for a package installed from a wheel.

    An installer records where it installed from in ``direct_url.json`` (PEP 610).
    """
    try:
        text = distribution("gonggo").read_text("direct_url.json")
    except PackageNotFoundError:
        return None
    origin = json.loads(text or "{}")
    if not origin.get("dir_info", {}).get("editable"):
        return None
    return Path(url2pathname(urlsplit(origin["url"]).path))


def first_command() -> str:
    """Return the command for the first collection: ``make run`` in a checkout, else ``gonggo collect``."""
    return "make run" if checkout() else "gonggo collect"
