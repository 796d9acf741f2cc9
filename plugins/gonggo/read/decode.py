"""Bytes to characters: declared charset, then strict UTF-8, then CP949.

No guessing by the frequency of characters: it errs on short pages.
"""

from __future__ import annotations

import codecs
import re
import unicodedata

from gonggo.errors import UnreadableError

_META = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?([\w-]{3,20})", re.I)
_KOREAN = {"euc-kr", "euckr", "ks_c_5601-1987", "ksc5601", "ms949", "cp949", "x-windows-949", "uhc"}
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


def decode(content: bytes, declared: str | None = None) -> tuple[str, str]:
    """The text and the charset that was used.

    Errors:
        UnreadableError: binary, or no charset fits.
    """
    for mark, charset in _BOMS:
        if content.startswith(mark):
            return _strict(content, charset), charset
    if b"\x00" in content[:4096]:
        raise UnreadableError(
            "not a text file: it holds NUL bytes; what is read is text, HTML, MHTML, HWP, HWPX, PDF, DOCX, XLSX and ZIP"
        )
    meta = _META.search(content[:4096])
    named = meta.group(1).decode("ascii", "replace") if meta else None
    for wanted in filter(None, (declared, named, "utf-8", "cp949")):
        text = _try(content, wanted)
        if text is not None:
            return text, codec(wanted)
    return _mostly(content)


def codec(charset: str) -> str:
    """The codec of a charset by any of its names; what calls itself EUC-KR is CP949 in truth."""
    return "cp949" if charset.lower() in _KOREAN else charset.lower()


def file_name(raw: bytes) -> str | None:
    """A file's name out of the bytes that a server or an archive gives, UTF-8 or CP949, composed; None for neither."""
    text = _try(raw, "utf-8") or _try(raw, "cp949")
    return unicodedata.normalize("NFC", text) if text else None


def _try(content: bytes, charset: str) -> str | None:
    try:
        return content.decode(codec(charset))
    except (UnicodeDecodeError, LookupError):
        return None


def _strict(content: bytes, charset: str) -> str:
    try:
        return content.decode(charset)
    except UnicodeDecodeError as error:
        raise UnreadableError(f"begins as {charset} but is not: {error.reason} at byte {error.start}") from error


def _mostly(content: bytes) -> tuple[str, str]:
    """A text with a few broken bytes, in whichever of the two charsets breaks less."""
    tries = [(content.decode(charset, "replace"), charset) for charset in ("utf-8", "cp949")]
    text, charset = min(tries, key=lambda pair: pair[0].count("\ufffd"))
    if text.count("\ufffd") > max(3, len(text) // 100):
        raise UnreadableError("neither UTF-8 nor CP949 (EUC-KR); save the file in one of them")
    return text, charset
