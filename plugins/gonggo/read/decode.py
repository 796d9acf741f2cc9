"""Decoding of bytes: UTF-8 with Korean text, then the declared charset, then strict UTF-8, then CP949.

Charsets are not guessed from the frequency of characters, because that fails on short pages.
"""

from __future__ import annotations

import codecs
import re
import unicodedata

from gonggo.errors import UnreadableError

_META = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?([\w-]{3,20})", re.I)
_XML = re.compile(rb"\s{0,100}<\?xml[^>]{0,200}?encoding\s{0,9}=\s{0,9}[\"']([\w.-]{3,20})")
_HEADER = re.compile(r"charset\s{0,9}=\s{0,9}[\"']?([\w-]{3,20})", re.I)
_HANGUL = re.compile("[가-힣]")
_KOREAN = {"euc-kr", "euckr", "ks_c_5601-1987", "ksc5601", "ms949", "cp949", "x-windows-949", "uhc"}
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


def decode(content: bytes, declared: str | None = None) -> tuple[str, str]:
    """Return the text and the charset that was used.

    Raises:
        UnreadableError: binary, or no charset fits.
    """
    for bom, charset in _BOMS:
        if content.startswith(bom):
            return _strict(content, charset), charset
    if b"\x00" in content[:4096]:
        raise UnreadableError(
            "not a text file: it holds NUL bytes; what is read is text, HTML, MHTML, HWP, HWPX, PDF, DOCX, XLSX and ZIP"
        )
    if (korean_text := _korean_utf_8(content)) is not None:
        return korean_text, "utf-8"
    meta = _META.search(content[:4096])
    meta_charset = meta.group(1).decode("ascii", "replace") if meta else None
    for candidate in filter(None, (declared, meta_charset, "utf-8", "cp949")):
        text = _decode_or_none(content, candidate)
        if text is not None:
            return text, codec(candidate)
    return _least_broken(content)


def decode_page(content: bytes, charset: str, header: str = "") -> str:
    """Return the response of a server as text, whatever its bytes.

    ``charset`` is the known charset of the site, ``header`` the Content-Type. A byte-order mark, UTF-8 with Korean text
    and an XML declaration take precedence. If no charset fits, the one with the fewest replacement characters is used.
    """
    for bom, encoding in _BOMS:
        if content.startswith(bom):
            return content.decode(encoding, "replace").lstrip("\ufeff")
    if utf_16 := _utf_16_without_bom(content[:2]):
        return content.decode(utf_16, "replace")
    if (text := _korean_utf_8(content)) is not None:
        return text
    xml_match, meta_match, header_match = (
        _XML.match(content[:400]),
        _META.search(content[:4096]),
        _HEADER.search(header),
    )
    candidates = [xml_match[1].decode("ascii", "replace")] if xml_match else []
    candidates += [
        charset,
        *([header_match[1]] if header_match else []),
        *([meta_match[1].decode("ascii", "replace")] if meta_match else []),
    ]
    best: str | None = None
    for name in [*candidates, "utf-8", "cp949"]:
        try:
            text = content.decode(codec(name), "replace")
        except (LookupError, ValueError):
            continue
        if "\ufffd" not in text:
            return text
        best = text if best is None or text.count("\ufffd") < best.count("\ufffd") else best
    return best or ""


def _korean_utf_8(content: bytes) -> str | None:
    """Return the text if it is valid UTF-8 with Korean syllables, which no other charset yields by chance."""
    text = None if content.isascii() else _decode_or_none(content, "utf-8")
    return text if text and _HANGUL.search(text) else None


def _utf_16_without_bom(start: bytes) -> str | None:
    """Return the UTF-16 variant of a page without a byte-order mark; markup and JSON begin with an ASCII character."""
    if len(start) == 2 and b"\0" in start and start.strip(b"\0") in (b"<", b"{", b"["):
        return "utf-16-be" if start[0] == 0 else "utf-16-le"
    return None


def codec(charset: str) -> str:
    """Return the Python codec of a charset name; pages declared as EUC-KR are really CP949."""
    return "cp949" if charset.lower() in _KOREAN else charset.lower()


def file_name(raw: bytes) -> str | None:
    """Return a file name from bytes in UTF-8 or CP949, NFC-normalized; None if they are neither."""
    text = _decode_or_none(raw, "utf-8") or _decode_or_none(raw, "cp949")
    return unicodedata.normalize("NFC", text) if text else None


def _decode_or_none(content: bytes, charset: str) -> str | None:
    try:
        return content.decode(codec(charset))
    except (UnicodeDecodeError, LookupError):
        return None


def _strict(content: bytes, charset: str) -> str:
    try:
        return content.decode(charset)
    except UnicodeDecodeError as error:
        raise UnreadableError(f"begins as {charset} but is not: {error.reason} at byte {error.start}") from error


def _least_broken(content: bytes) -> tuple[str, str]:
    """Decode a text with a few invalid bytes in the charset, UTF-8 or CP949, that replaces fewer.

    Raises:
        UnreadableError: too many bytes are invalid in both.
    """
    attempts = [(content.decode(charset, "replace"), charset) for charset in ("utf-8", "cp949")]
    text, charset = min(attempts, key=lambda pair: pair[0].count("\ufffd"))
    if text.count("\ufffd") > max(3, len(text) // 100):
        raise UnreadableError("neither UTF-8 nor CP949 (EUC-KR); save the file in one of them")
    return text, charset
