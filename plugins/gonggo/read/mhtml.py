"""A page saved as one file (MHTML): its HTML part and that part's charset."""

from __future__ import annotations

from email import message_from_bytes

from gonggo.errors import UnreadableError


def is_mhtml(content: bytes) -> bool:
    head = content[:2000].lower()
    return b"mime-version:" in head and b"multipart/related" in head


def unpack(content: bytes) -> tuple[bytes, str | None]:
    """The first HTML part.

    Errors:
        UnreadableError: no HTML part.
    """
    for part in message_from_bytes(content).walk():
        if part.get_content_type() == "text/html":
            payload = part.get_payload(decode=True)
            if isinstance(payload, bytes):
                return payload, part.get_content_charset()
    raise UnreadableError("the MHTML file has no HTML part; save the page again")
