"""Read: bytes to clean text. What was cut out of the text is recorded, never dropped in silence."""

from gonggo.read.files import from_bytes
from gonggo.read.html import from_fragment
from gonggo.read.reading import Reading

__all__ = ["Reading", "from_bytes", "from_fragment"]
