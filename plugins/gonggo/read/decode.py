"""Bytes to characters: BOM, declared charset, strict UTF-8, then CP949."""

from __future__ import annotations

import codecs
import re

from gonggo.errors import UnreadableError

_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_META = re.compile(rb"<meta[^>]{0,200}charset=[\"']?([A-Za-z0-9_-]{1,40})", re.IGNORECASE)
# Pages that say EUC-KR use the syllables that only CP949 has.
_KOREAN = {"euc-kr", "euckr", "ks_c_5601-1987", "ksc5601", "cp949", "ms949", "windows-949", "x-windows-949"}
_ERROR_SHARE = 0.005


def decode(content: bytes, declared: str | None = None) -> tuple[str, str]:
    """Characters and the charset used.

    Errors:
        UnreadableError: NUL bytes, or more than a small share of broken characters in CP949.
    """
    for bom, name in _BOMS:
        if content.startswith(bom):
            return content.decode(name, errors="replace"), name.removesuffix("-sig")
    if b"\0" in content:
        raise UnreadableError("the file is binary, not text; convert it to text or HTML first")
    found = _META.search(content[:4096])
    for charset in (declared, found.group(1).decode("ascii") if found else None, "utf-8"):
        text = _strict(content, charset)
        if text is not None:
            return text, _canonical(charset or "utf-8")
    return _cp949(content), "cp949"


def _canonical(charset: str) -> str:
    return "cp949" if charset.lower() in _KOREAN else charset.lower()


def _strict(content: bytes, charset: str | None) -> str | None:
    if not charset or charset.lower() in {"iso-8859-1", "latin-1"}:
        return None
    try:
        return content.decode(_canonical(charset))
    except (UnicodeError, LookupError):
        return None


def _cp949(content: bytes) -> str:
    text = content.decode("cp949", errors="replace")
    if text.count("\ufffd") > max(1, len(text) * _ERROR_SHARE):
        raise UnreadableError("neither UTF-8 nor CP949; save the file as UTF-8")
    return text
