"""SQL macros that turn search words into regular expressions which also match synonyms.

They are created with the marts, so that anyone who opens the published file can search as the pages do. A pattern is a
constant of the query, so that DuckDB compiles it only once.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from gonggo.datafile import load_model
from gonggo.warehouse.quoting import literal

SYNONYMS = Path(__file__).with_name("synonyms.yaml")
# Number of words that are searched for independently; any further words must follow each other in the text.
SLOTS = 5
_PARTICLES = ("에서", "에게", "으로", "까지", "부터", *"을를이가은는의에로와과도")
_WIDE = "".join(chr(0xFF01 + offset) for offset in range(94)) + "\u3000\u00a0"
_PLAIN = "".join(chr(0x21 + offset) for offset in range(94)) + "  "
_Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=2, max_length=40)]


class Synonyms(BaseModel):
    """``synonyms.yaml``: each line lists names of the same thing."""

    model_config = ConfigDict(extra="forbid")
    same: list[Annotated[list[_Name], Field(min_length=2)]]


def macros() -> list[str]:
    """Return the statements that create the macros.

    Raises:
        DataFileError: The list of synonyms is invalid; the message names file and line.
    """
    lines = load_model(SYNONYMS, Synonyms).same
    # Longer names first, so that AI 전환 is matched before AI.
    names = "|".join(
        _pattern(name) for name in sorted((name for line in lines for name in line), key=len, reverse=True)
    )
    # DuckDB binds one JSON constant faster than a MAP of a hundred entries.
    groups = json.dumps({_squashed(name): _group(line) for line in lines for name in line}, ensure_ascii=False)
    wide = f"translate(nfc_normalize(words), {literal(_WIDE)}, {literal(_PLAIN)})"
    slots = [f"search_pattern(words, {n}, {n})" for n in range(1, SLOTS)] + [f"search_pattern(words, {SLOTS}, -1)"]
    hit = " AND ".join(f"coalesce(regexp_matches(content, {slot}, 'i'), true)" for slot in slots)
    return [
        # Lower case, composed syllables, no full-width forms, single spaces. Control characters become spaces,
        # because chr(1) separates words below.
        rf"CREATE OR REPLACE MACRO search_plain(words) AS trim(regexp_replace(lower({wide}), '[\s\pC]+', ' ', 'g'))",
        # One pattern for each word: a name with synonyms becomes all of them, any other letter itself with optional
        # spaces after it. A macro is expanded wherever it is used, so that each macro below uses this one only once.
        rf"""CREATE OR REPLACE MACRO search_parts(words) AS list_filter(string_split(array_to_string(list_transform(
            regexp_extract_all(search_plain(words), {literal(f"{names}|.")}),
            lambda part: CASE part WHEN ' ' THEN chr(1) ELSE coalesce(
                json_extract_string({literal(groups)}, replace(part, ' ', '')), '\Q' || part || '\E *') END
            ), ''), chr(1)), lambda pattern: pattern <> '')""",
        rf"""CREATE OR REPLACE MACRO search_patterns(words) AS list_transform(search_parts(words),
            lambda pattern: regexp_replace(pattern, {literal(_particle())}, '\1'))""",
        # The pattern of the words from first to until, in a row; NULL if there are fewer words than first.
        """CREATE OR REPLACE MACRO search_pattern(words, first, until) AS
            array_to_string(list_slice(search_patterns(words), first, until), '')""",
        "CREATE OR REPLACE MACRO search_any(words) AS array_to_string(search_patterns(words), '|')",
        f"CREATE OR REPLACE MACRO search_hit(content, words) AS {hit}",
    ]


def _particle() -> str:
    """Return a pattern for a particle at the end of a word's pattern, after at least two letters or a name.

    A word without its particle matches wherever the whole word does.
    """
    ends = "|".join("".join(rf"\\Q{letter}\\E \*" for letter in particle) for particle in _PARTICLES)
    return rf"((?:\\Q[가-힣a-z]\\E \*){{2}}|\) \*)(?:{ends})$"


def _squashed(name: str) -> str:
    return name.lower().replace(" ", "")


def _group(line: list[str]) -> str:
    return f"(?:{'|'.join(map(_pattern, line))}) *"


def _pattern(name: str) -> str:
    """Return the pattern of a name: Latin names match whole words, Korean ones match with any spacing."""
    lowered = name.lower()
    korean = re.search("[가-힣]", lowered) is not None
    parts = lowered.replace(" ", "") if korean else lowered.split()
    spelling = " *".join(map(re.escape, parts))
    begins, ends = lowered[0].isascii() and lowered[0].isalnum(), lowered[-1].isascii() and lowered[-1].isalnum()
    return (r"\b" if begins else "") + spelling + (r"\b" if ends else "")
