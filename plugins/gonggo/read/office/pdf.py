"""PDF, by PDFium. What its letters cannot be told, or its streams are damaged, is said; the format does not say what is
struck out."""

from __future__ import annotations

import re
import unicodedata
import zlib
from itertools import islice

import pypdfium2

from gonggo.read.office.common import LARGEST_PART, LONGEST_TEXT, Read, RefusedError, placed

MOST_PAGES = 1_000
# Characters a page below which it is a picture of a text.
FEWEST = 30
# Of the letters of a page that is read right so few are none of the writing of these notices.
_MOST_STRANGE = 0.2
_HANGUL = re.compile("[\uac00-\ud7a3]")
_OURS = re.compile("[\u1100-\u11ff\u3000-\u9fff\uac00-\ud7a3]")
_WORD = re.compile(r"[A-Za-z]{2,20}")
_ENGLISH = frozenset("the of and to in for is on with by at from or be as are an this that will".split())
_FEWEST_ENGLISH, _FEWEST_LATIN = 0.08, 0.6
_STREAM = re.compile(rb"(?<!end)stream\r?\n")
_LENGTH = re.compile(rb"/Length\s{1,4}(\d{1,10}+)(?!\s{1,4}\d{1,6}\s{1,4}R)")
_FLATE = re.compile(rb"/Filter\s{0,4}\[?\s{0,4}/FlateDecode")
_IMAGE = re.compile(rb"/Subtype\s{0,4}/Image")
_STOPS = re.compile(rb"\s{0,4}endstream")
_TABLE_AT = re.compile(rb"startxref\s{1,4}(\d{1,12})")
_IS_TABLE = re.compile(rb"\s{0,4}(?:xref|\d{1,10} \d{1,5} obj)")
_ENDS_AT, _HEAD = 4_096, 1_024
# The dictionary of a stream stands right before it.
_DICTIONARY = 2_000
_MOST_STREAMS = 20_000
_MOST_INFLATED = 4 * LARGEST_PART


def read(content: bytes) -> Read:
    """The text of the pages; partial where the file goes on beyond them, or is damaged.

    Raises:
        RefusedError: encrypted, corrupt, or pages whose text cannot be told from their pictures (needs_ocr).
    """
    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        outcome = "encrypted" if "password" in str(error).lower() else "corrupt"
        raise RefusedError(outcome, f"PDFium: {error}") from error
    pages, left_out = min(len(document), MOST_PAGES), _damage(content)
    texts, size, strange, silent = list[str](), 0, list[int](), list[int]()
    for number in range(1, pages + 1):
        try:
            text = document[number - 1].get_textpage().get_text_bounded()
        except pypdfium2.PdfiumError:
            left_out.append(f"damaged: page {number} cannot be opened")
            continue
        text = text.replace("\x02", "").replace("\ufffe", "").replace("\r\n", "\n")
        if _is_strange(text):
            strange.append(number)
            continue
        silent += [] if text.strip() else [number]
        texts.append("\n".join(placed(line, f"p{number}") for line in text.split("\n")))
        size += len(text)
        if size > LONGEST_TEXT:
            left_out.append(f"pages after {number}")
            break
    text = "\n".join(texts)
    if pages and sum(len(page.strip()) for page in texts) < FEWEST * (pages - len(strange)):
        raise RefusedError("needs_ocr", f"{pages} pages are pictures without text")
    if not _HANGUL.search(text) and (strange or not _is_english(text)):
        raise RefusedError("needs_ocr", "the file does not say which letters its signs are: no Korean syllable in it")
    left_out += [f"pages {silent[:5]}, which are pictures or lost their text"] if silent else []
    left_out += [f"pages {strange[:5]}, whose signs the file gives no letters"] if strange else []
    left_out += [f"pages after {pages}"] if pages < len(document) else []
    return Read(text, "partial", f"left out: {'; '.join(left_out[:5])}") if left_out else Read(text)


def _is_strange(text: str) -> bool:
    """Whether a page's signs have been given wrong letters: many are of no writing that these notices use."""
    shown = [letter for letter in text if not letter.isspace()]
    return len(shown) >= FEWEST and sum(map(_is_foreign, shown)) > _MOST_STRANGE * len(shown)


def _is_foreign(letter: str) -> bool:
    if letter < "\x7f" or _OURS.match(letter):
        return letter < " "
    return unicodedata.category(letter) in ("Ll", "Lu", "Lt", "Lm", "Cc", "Cn", "Co", "Cs") or letter == "\ufffd"


def _is_english(text: str) -> bool:
    """Whether a text without Korean is readable prose all the same."""
    words = _WORD.findall(text.lower())
    shown = sum(not letter.isspace() for letter in text)
    known = sum(word in _ENGLISH for word in words)
    return known >= _FEWEST_ENGLISH * len(words) and sum(map(len, words)) >= _FEWEST_LATIN * shown and known > 0


def _damage(content: bytes) -> list[str]:
    """What shows that bytes of the file are missing or changed: PDFium passes over it in silence."""
    table = _TABLE_AT.findall(content[-_ENDS_AT:])
    if not table or b"%%EOF" not in content[-_ENDS_AT:]:
        return ["damaged: the file breaks off"]
    # Some files have other bytes before their head, and count from there.
    starts = (int(table[-1]), int(table[-1]) + content[:_HEAD].find(b"%PDF"))
    if not any(_IS_TABLE.match(content, start) for start in starts):
        return ["damaged: the table of its parts is not where the file says"]
    if b"/Encrypt" in content:
        return []
    inflated = 0
    for stream in islice(_STREAM.finditer(content), _MOST_STREAMS):
        about = content[max(0, stream.start() - _DICTIONARY) : stream.start()]
        about = about[about.rfind(b" obj") + 1 :]
        length = _LENGTH.search(about)
        stop = stream.end() + int(length[1]) if length else content.find(b"endstream", stream.end())
        count: int | None = 0
        if length and not _STOPS.match(content, stop):
            count = None
        elif _FLATE.search(about) and not _IMAGE.search(about) and inflated < _MOST_INFLATED:
            count = _inflated(content[stream.end() : stop])
        if count is None:
            return [f"damaged: the part at byte {stream.start()} is not whole"]
        inflated += count
    return []


def _inflated(data: bytes) -> int | None:
    """How many bytes a compressed part has; None where it is cut or its checksum differs."""
    stream = zlib.decompressobj()
    try:
        out = stream.decompress(data, LARGEST_PART)
    except zlib.error:
        return None
    return len(out) if stream.eof or stream.unconsumed_tail else None
