"""PDF, read by PDFium.

Pages whose characters cannot be determined and damaged streams are reported. The format does not mark struck-out text.
"""

from __future__ import annotations

import re
import unicodedata
import zlib
from itertools import islice

import pypdfium2

from gonggo.read.office.common import LARGEST_PART, LONGEST_TEXT, ReadResult, RefusedError, mark_location

MOST_PAGES = 1_000
# A page with fewer characters is a scanned image.
FEWEST = 30
# Largest share of foreign letters on a page that is decoded correctly.
_MAX_FOREIGN_SHARE = 0.2
_HANGUL = re.compile("[\uac00-\ud7a3]")
_EXPECTED_LETTERS = re.compile("[\u1100-\u11ff\u3000-\u9fff\uac00-\ud7a3]")
_WORD = re.compile(r"[A-Za-z]{2,20}")
_ENGLISH = frozenset("the of and to in for is on with by at from or be as are an this that will".split())
_FEWEST_ENGLISH, _FEWEST_LATIN = 0.08, 0.6
_STREAM = re.compile(rb"(?<!end)stream\r?\n")
_LENGTH = re.compile(rb"/Length\s{1,4}(\d{1,10}+)(?!\s{1,4}\d{1,6}\s{1,4}R)")
_FLATE = re.compile(rb"/Filter\s{0,4}\[?\s{0,4}/FlateDecode")
_IMAGE = re.compile(rb"/Subtype\s{0,4}/Image")
_STREAM_END = re.compile(rb"\s{0,4}endstream")
_XREF_AT = re.compile(rb"startxref\s{1,4}(\d{1,12})")
_XREF = re.compile(rb"\s{0,4}(?:xref|\d{1,10} \d{1,5} obj)")
_ENDS_AT, _HEADER_BYTES = 4_096, 1_024
# The dictionary of a stream is right before it: so many bytes are searched.
_DICTIONARY = 2_000
_MOST_STREAMS = 20_000
_MOST_INFLATED = 4 * LARGEST_PART


def read(content: bytes) -> ReadResult:
    """Return the text of the pages; partial if pages are left out or the file is damaged.

    Raises:
        RefusedError: encrypted, corrupt, or without usable text (needs_ocr).
    """
    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        outcome = "encrypted" if "password" in str(error).lower() else "corrupt"
        raise RefusedError(outcome, f"PDFium: {error}") from error
    pages, unread = min(len(document), MOST_PAGES), _damage(content)
    texts, size, garbled_pages, empty_pages = list[str](), 0, list[int](), list[int]()
    for number in range(1, pages + 1):
        try:
            text = document[number - 1].get_textpage().get_text_bounded()
        except pypdfium2.PdfiumError:
            unread.append(f"damaged: page {number} cannot be opened")
            continue
        text = text.replace("\x02", "").replace("\ufffe", "").replace("\r\n", "\n")
        if _has_wrong_letters(text):
            garbled_pages.append(number)
            continue
        empty_pages += [] if text.strip() else [number]
        texts.append("\n".join(mark_location(line, f"p{number}") for line in text.split("\n")))
        size += len(text)
        if size > LONGEST_TEXT:
            unread.append(f"pages after {number}")
            break
    text = "\n".join(texts)
    if pages and sum(len(page.strip()) for page in texts) < FEWEST * (pages - len(garbled_pages)):
        raise RefusedError("needs_ocr", f"{pages} pages are pictures without text")
    if not _HANGUL.search(text) and (garbled_pages or not _is_english(text)):
        raise RefusedError("needs_ocr", "the fonts do not map glyphs to characters: no Korean syllable in the text")
    unread += [f"pages {empty_pages[:5]}, which are pictures or lost their text"] if empty_pages else []
    unread += [f"pages {garbled_pages[:5]}, whose glyphs have no characters"] if garbled_pages else []
    unread += [f"pages after {pages}"] if pages < len(document) else []
    return ReadResult(text, "partial", f"left out: {'; '.join(unread[:5])}") if unread else ReadResult(text)


def _has_wrong_letters(text: str) -> bool:
    """Return whether glyphs were decoded wrongly: many letters are of scripts that notices do not use."""
    shown = [letter for letter in text if not letter.isspace()]
    return len(shown) >= FEWEST and sum(map(_is_foreign, shown)) > _MAX_FOREIGN_SHARE * len(shown)


def _is_foreign(letter: str) -> bool:
    if letter < "\x7f" or _EXPECTED_LETTERS.match(letter):
        return letter < " "
    return unicodedata.category(letter) in ("Ll", "Lu", "Lt", "Lm", "Cc", "Cn", "Co", "Cs") or letter == "\ufffd"


def _is_english(text: str) -> bool:
    """Return whether a text without Korean is English prose."""
    words = _WORD.findall(text.lower())
    shown = sum(not letter.isspace() for letter in text)
    english_words = sum(word in _ENGLISH for word in words)
    return (
        english_words >= _FEWEST_ENGLISH * len(words)
        and sum(map(len, words)) >= _FEWEST_LATIN * shown
        and english_words > 0
    )


def _damage(content: bytes) -> list[str]:
    """Return signs that bytes of the file are missing or changed, which PDFium silently ignores."""
    xref_offsets = _XREF_AT.findall(content[-_ENDS_AT:])
    if not xref_offsets or b"%%EOF" not in content[-_ENDS_AT:]:
        return ["damaged: the file breaks off"]
    # Some files have extra bytes before the header, and count offsets from the header.
    starts = (int(xref_offsets[-1]), int(xref_offsets[-1]) + content[:_HEADER_BYTES].find(b"%PDF"))
    if not any(_XREF.match(content, start) for start in starts):
        return ["damaged: the table of its parts is not where the file says"]
    if b"/Encrypt" in content:
        return []
    inflated = 0
    for stream in islice(_STREAM.finditer(content), _MOST_STREAMS):
        dictionary = content[max(0, stream.start() - _DICTIONARY) : stream.start()]
        dictionary = dictionary[dictionary.rfind(b" obj") + 1 :]
        length = _LENGTH.search(dictionary)
        end = stream.end() + int(length[1]) if length else content.find(b"endstream", stream.end())
        count: int | None = 0
        if length and not _STREAM_END.match(content, end):
            count = None
        elif _FLATE.search(dictionary) and not _IMAGE.search(dictionary) and inflated < _MOST_INFLATED:
            count = _inflated_size(content[stream.end() : end])
        if count is None:
            return [f"damaged: the part at byte {stream.start()} is not whole"]
        inflated += count
    return []


def _inflated_size(data: bytes) -> int | None:
    """Return the decompressed size of a stream; None if it is truncated or its checksum differs."""
    stream = zlib.decompressobj()
    try:
        out = stream.decompress(data, LARGEST_PART)
    except zlib.error:
        return None
    return len(out) if stream.eof or stream.unconsumed_tail else None
