"""Bytes to characters: UTF-8 that holds Korean, then the declared charset, then strict UTF-8, then CP949.

No guessing by the frequency of characters: it errs on short pages.
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
    """The text and the charset that was used.

    Raises:
        UnreadableError: binary, or no charset fits.
    """
    for mark, charset in _BOMS:
        if content.startswith(mark):
            return _strict(content, charset), charset
    if b"\x00" in content[:4096]:
        raise UnreadableError(
            "not a text file: it holds NUL bytes; what is read is text, HTML, MHTML, HWP, HWPX, PDF, DOCX, XLSX and ZIP"
        )
    if (korean := _korean_utf_8(content)) is not None:
        return korean, "utf-8"
    meta = _META.search(content[:4096])
    named = meta.group(1).decode("ascii", "replace") if meta else None
    for wanted in filter(None, (declared, named, "utf-8", "cp949")):
        text = _try(content, wanted)
        if text is not None:
            return text, codec(wanted)
    return _mostly(content)


def decode_page(content: bytes, charset: str, header: str = "") -> str:
    """Return what a server sent as text, whatever its bytes.

    ``charset`` is what its site is known for, ``header`` its Content-Type. A byte-order mark, UTF-8 that holds Korean
    and the declaration of an XML file go before it; where it does not fit, it is whichever charset breaks least: named
    by the page, UTF-8, CP949.
    """
    for mark, known in _BOMS:
        if content.startswith(mark):
            return content.decode(known, "replace").lstrip("\ufeff")
    if wide := _without_mark(content[:2]):
        return content.decode(wide, "replace")
    if (korean := _korean_utf_8(content)) is not None:
        return korean
    declared, named, told = _XML.match(content[:400]), _META.search(content[:4096]), _HEADER.search(header)
    wanted = [declared[1].decode("ascii", "replace")] if declared else []
    wanted += [charset, *([told[1]] if told else []), *([named[1].decode("ascii", "replace")] if named else [])]
    best: str | None = None
    for name in [*wanted, "utf-8", "cp949"]:
        try:
            text = content.decode(codec(name), "replace")
        except (LookupError, ValueError):
            continue
        if "\ufffd" not in text:
            return text
        best = text if best is None or text.count("\ufffd") < best.count("\ufffd") else best
    return best or ""


def _korean_utf_8(content: bytes) -> str | None:
    """Return a text that is UTF-8 throughout and has Korean syllables, which no other charset gives by chance."""
    text = None if content.isascii() else _try(content, "utf-8")
    return text if text and _HANGUL.search(text) else None


def _without_mark(start: bytes) -> str | None:
    """Return the charset of a page in UTF-16 that does not say so; markup and JSON begin with a letter of ASCII."""
    if len(start) == 2 and b"\0" in start and start.strip(b"\0") in (b"<", b"{", b"["):
        return "utf-16-be" if start[0] == 0 else "utf-16-le"
    return None


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
