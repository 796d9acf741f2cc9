"""Templates of HTML and SVG: everything is escaped, and a name that a template misspells is an error, not nothing."""

from __future__ import annotations

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined


def html_templates(folder: Path) -> Environment:
    """Return the environment of the HTML templates of a folder."""
    return Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
