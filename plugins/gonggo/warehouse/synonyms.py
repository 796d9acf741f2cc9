"""How words are searched for: the macros of SQL that make patterns of them, out of the list of synonyms.

They are made with the marts, so that whoever opens the published file searches as the pages do. A pattern is a constant
of the query, which DuckDB compiles once.
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
# Words that are looked for each by itself; those behind them must stand together, in their order.
SLOTS = 5
_PARTICLES = ("에서", "에게", "으로", "까지", "부터", *"을를이가은는의에로와과도")
_WIDE = "".join(chr(0xFF01 + place) for place in range(94)) + "\u3000\u00a0"
_PLAIN = "".join(chr(0x21 + place) for place in range(94)) + "  "
_Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=2, max_length=40)]


class Synonyms(BaseModel):
    """``synonyms.yaml``: the names of one thing, a line each."""

    model_config = ConfigDict(extra="forbid")
    same: list[Annotated[list[_Name], Field(min_length=2)]]


def macros() -> list[str]:
    """The statements that make the macros.

    Raises:
        DataFileError: the list of synonyms is wrong; names file and line.
    """
    lines = load_model(SYNONYMS, Synonyms).same
    # The longer ones first: AI 전환 is one thing, and not what AI is.
    told = "|".join(_pattern(name) for name in sorted((name for line in lines for name in line), key=len, reverse=True))
    # One constant, which is bound faster than a MAP of a hundred.
    groups = json.dumps({_squashed(name): _group(line) for line in lines for name in line}, ensure_ascii=False)
    wide = f"translate(nfc_normalize(words), {literal(_WIDE)}, {literal(_PLAIN)})"
    slots = [f"search_pattern(words, {n}, {n})" for n in range(1, SLOTS)] + [f"search_pattern(words, {SLOTS}, -1)"]
    hit = " AND ".join(f"coalesce(regexp_matches(content, {slot}, 'i'), true)" for slot in slots)
    return [
        # Small letters, composed syllables, no full-width forms, one space. A control character is a space too:
        # chr(1) parts words below.
        rf"CREATE OR REPLACE MACRO search_plain(words) AS trim(regexp_replace(lower({wide}), '[\s\pC]+', ' ', 'g'))",
        # One pattern a word: a name that has others becomes all of them, a letter itself with spaces that may follow.
        # It is worked out for every place it stands in, so that it stands once in each of those below.
        rf"""CREATE OR REPLACE MACRO search_parts(words) AS list_filter(string_split(array_to_string(list_transform(
            regexp_extract_all(search_plain(words), {literal(f"{told}|.")}),
            lambda part: CASE part WHEN ' ' THEN chr(1) ELSE coalesce(
                json_extract_string({literal(groups)}, replace(part, ' ', '')), '\Q' || part || '\E *') END
            ), ''), chr(1)), lambda pattern: pattern <> '')""",
        rf"""CREATE OR REPLACE MACRO search_patterns(words) AS list_transform(search_parts(words),
            lambda pattern: regexp_replace(pattern, {literal(_particle())}, '\1'))""",
        # Of words that stand together; NULL where there are not so many.
        """CREATE OR REPLACE MACRO search_pattern(words, first, until) AS
            array_to_string(list_slice(search_patterns(words), first, until), '')""",
        "CREATE OR REPLACE MACRO search_any(words) AS array_to_string(search_patterns(words), '|')",
        f"CREATE OR REPLACE MACRO search_hit(content, words) AS {hit}",
    ]


def _particle() -> str:
    """The end of a word's pattern that is a particle, behind two letters or a name.

    What is left without it is found wherever the whole word is.
    """
    ends = "|".join("".join(rf"\\Q{letter}\\E \*" for letter in particle) for particle in _PARTICLES)
    return rf"((?:\\Q[가-힣a-z]\\E \*){{2}}|\) \*)(?:{ends})$"


def _squashed(name: str) -> str:
    return name.lower().replace(" ", "")


def _group(line: list[str]) -> str:
    return f"(?:{'|'.join(map(_pattern, line))}) *"


def _pattern(name: str) -> str:
    """A name as a pattern: one in Latin letters as whole words, one in Korean however it is spaced."""
    small = name.lower()
    korean = re.search("[가-힣]", small) is not None
    parts = small.replace(" ", "") if korean else small.split()
    spelled = " *".join(map(re.escape, parts))
    begins, ends = small[0].isascii() and small[0].isalnum(), small[-1].isascii() and small[-1].isalnum()
    return (r"\b" if begins else "") + spelled + (r"\b" if ends else "")
