"""PDF, by PDFium."""

from __future__ import annotations

import pypdfium2

from gonggo.read.office.parts import LONGEST_TEXT, RefusedError, placed

MOST_PAGES = 1_000
# Characters a page below which it is a picture of a text.
FEWEST = 30


def read(content: bytes) -> tuple[str, str]:
    """The text of the pages, and the outcome: ok, or partial where the file goes on beyond the pages that are read.

    Errors:
        RefusedError: encrypted, corrupt, or pictures of pages without text (needs_ocr).
    """
    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        outcome = "encrypted" if "password" in str(error).lower() else "corrupt"
        raise RefusedError(outcome, f"PDFium: {error}") from error
    pages = min(len(document), MOST_PAGES)
    texts, size = list[str](), 0
    for number in range(pages):
        try:
            text = document[number].get_textpage().get_text_bounded()
        except pypdfium2.PdfiumError:
            continue
        lines = text.replace("\x02", "").replace("\ufffe", "").replace("\r\n", "\n").split("\n")
        texts.append("\n".join(placed(line, f"p{number + 1}") for line in lines))
        size += len(text)
        if size > LONGEST_TEXT:
            return "\n".join(texts), "partial"
    if pages and sum(len(text.strip()) for text in texts) < FEWEST * pages:
        raise RefusedError("needs_ocr", f"{pages} pages are pictures without text")
    return "\n".join(texts), "ok" if pages == len(document) else "partial"
