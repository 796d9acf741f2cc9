"""SQL macros that turn search words into what a search looks up and marks: stretches of letters, and patterns.

They are created with the marts, so that anyone who opens the published file can search as the pages do. A pattern is a
constant of the query, so that DuckDB compiles it only once.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationInfo, field_validator

from gonggo.datafile import load_model
from gonggo.warehouse.quoting import literal

SYNONYMS = Path(__file__).with_name("synonyms.yaml")
# Number of words that are searched for; any further ones are left out.
MOST_WORDS = 8
# Number of words of the pattern of a list that are searched for independently; any further ones must follow each other.
SLOTS = 5
# Number of names of one thing: each takes two of the 62 bits that say which parts of which name a text has.
MOST_NAMES = 31
_WIDE = "".join(chr(0xFF01 + offset) for offset in range(94)) + "\u3000\u00a0"
_PLAIN = "".join(chr(0x21 + offset) for offset in range(94)) + "  "
_RUN = "[a-z0-9]+|[가-힣]+"
_RUNS = re.compile(_RUN)
# Stand around a name within the words of a search.
_BEGIN, _END = chr(2), chr(3)
_Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=2, max_length=40)]
_Ending = Annotated[str, StringConstraints(pattern="^[가-힣]{1,4}$")]


class Synonyms(BaseModel):
    """``synonyms.yaml``: names of the same thing, what is a kind of it, and endings that do not count."""

    model_config = ConfigDict(extra="forbid")
    same: list[Annotated[list[_Name], Field(min_length=2, max_length=MOST_NAMES)]]
    kinds: dict[_Name, Annotated[list[_Name], Field(min_length=1)]]
    endings: list[_Ending]

    @field_validator("same")
    @classmethod
    def _each_once(cls, lines: list[list[str]]) -> list[list[str]]:
        earlier_names = set[str]()
        for line in lines:
            again = {_squashed(name) for name in line} & earlier_names
            if again:
                raise ValueError(f"{min(again)} stands in two lines; a name belongs to one")
            earlier_names |= {_squashed(name) for name in line}
        return lines

    @field_validator("kinds")
    @classmethod
    def _not_too_many(cls, kinds: dict[str, list[str]], info: ValidationInfo) -> dict[str, list[str]]:
        if "same" in info.data:
            for name, names in _names_by_name(info.data["same"], kinds).items():
                if len(names) > MOST_NAMES:
                    raise ValueError(f"a search for {name} would look for more than {MOST_NAMES} names")
        return kinds


def macros() -> list[str]:
    """Return the statements that create the macros.

    Raises:
        DataFileError: The list of synonyms is invalid; the message names file and line.
    """
    synonyms = load_model(SYNONYMS, Synonyms)
    names_by_name = _names_by_name(synonyms.same, synonyms.kinds)
    return [*text_macros(), *_question_macros(synonyms, names_by_name), *_pattern_macros(synonyms, names_by_name)]


def text_macros() -> list[str]:
    """Return the macros that texts are indexed with."""
    # A text would end for nfc_normalize at chr(0).
    wide = f"translate(nfc_normalize(replace(words, chr(0), ' ')), {literal(_WIDE)}, {literal(_PLAIN)})"
    return [
        # Lower case, composed syllables, no full-width forms, single spaces. Control characters become spaces,
        # because some of them separate words below.
        rf"CREATE OR REPLACE MACRO search_plain(words) AS trim(regexp_replace(lower({wide}), '[\s\pC]+', ' ', 'g'))",
        # R&D, S/W and A.I. are one word each.
        r"""CREATE OR REPLACE MACRO search_tokens(words) AS regexp_extract_all(
            regexp_replace(search_plain(words), '\b([a-z])[&/.]([a-z])\b', '\1\2', 'g'), '"""
        rf"{_RUN}')",
        # Two words in a row: without a space, but for two in Latin letters or digits.
        """CREATE OR REPLACE MACRO search_joined(one, other) AS
            CASE WHEN other IS NULL THEN one WHEN one[-1] <= 'z' AND other[1] <= 'z' THEN one || ' ' || other
            ELSE one || other END""",
        # The first four letters from the beginning of a word on.
        """CREATE OR REPLACE MACRO search_glue(one, second, third, fourth) AS CASE
            WHEN len(one) > 3 THEN one[:4]
            WHEN len(one) + len(second) > 3 THEN search_joined(one, second)[:4]
            ELSE search_joined(one, search_joined(second, search_joined(third, fourth)))[:4] END""",
        # Two letters as one number; a missing one counts as a space.
        """CREATE OR REPLACE MACRO search_code(pair) AS
            (CASE WHEN pair = '' THEN 32 ELSE unicode(pair) END * 65536::BIGINT
            + CASE WHEN len(pair) < 2 THEN 32 ELSE unicode(pair[2:]) END)::UINTEGER""",
    ]


def _question_macros(synonyms: Synonyms, names_by_name: dict[str, list[str]]) -> list[str]:
    """Return the macros that turn the words of a search into the stretches of letters that a text must have."""
    name_patterns = "|".join(_run_pattern(name) for name in _longest_first(names_by_name))
    groups = literal(
        json.dumps(
            {_squashed(name): sorted({*map(_as_indexed, names)}) for name, names in names_by_name.items()},
            ensure_ascii=False,
        )
    )
    marks = literal(_patterns_by_name(names_by_name, _squashed))
    whole = [run for name in names_by_name if len(run := _as_indexed(name)) < 4 and run.isascii()]
    endings, first = "|".join(_longest_first(synonyms.endings)), f"{ord('가')}::BIGINT"
    name, marked = literal(f"({name_patterns})"), literal(f"{_BEGIN}\\1{_END}")
    ending_after_name, end_of_name = literal(f"{_END}(?:{endings})( |$)"), literal(f"{_END} ")
    name_or_word, ending = literal(f"{_BEGIN}[^{_END}]+|{_RUN}"), literal(f"^([가-힣]{{2,}}?)(?:{endings})$")
    return [
        # The words of a search without their particles, each name that has others between two control characters. One
        # syllable after a number or a Latin word (2026년, AI를) does not count.
        rf"""CREATE OR REPLACE MACRO search_words(words) AS list_distinct(list_slice(list_transform(
            regexp_extract_all(regexp_replace(regexp_replace(
                array_to_string(search_tokens(regexp_replace(
                    search_plain(coalesce(words, '')::VARCHAR), '([a-z0-9])[가-힣]($|[^가-힣])', '\1 \2', 'g'
                )), ' '),
                {name}, {marked}, 'g'), {ending_after_name}, {end_of_name}, 'g'), {name_or_word}),
            lambda word: regexp_replace(word, {ending}, '\1')), 1, {MOST_WORDS}))""",
        # The pattern of all words, which marks them in a text.
        rf"""CREATE OR REPLACE MACRO search_marks(words) AS array_to_string(list_transform(search_words(words),
            lambda word: CASE WHEN word[1] = {literal(_BEGIN)}
                THEN json_extract_string({marks}, '$."' || replace(word[2:], ' ', '') || '"')
                WHEN word < '가' THEN CASE WHEN len(word) < 4 THEN '\b' ELSE '' END || word
                ELSE regexp_replace(word, '(.)', '\1 *', 'g') END), '|')""",
        # The names that are looked for, as rows; each takes two bits.
        rf"""CREATE OR REPLACE MACRO search_names(words) AS TABLE
            WITH asked AS (SELECT search_words(words) AS list),
            word AS (SELECT unnest(list) AS word, generate_subscripts(list, 1) AS term FROM asked),
            named AS (
                SELECT term, CASE WHEN word[1] = {literal(_BEGIN)}
                    THEN from_json(json_extract({groups}, '$."' || replace(word[2:], ' ', '') || '"'), '["VARCHAR"]')
                    ELSE [word] END AS names
                FROM word
            )
            SELECT term, unnest(names) AS name, 2 * (generate_subscripts(names, 1) - 1) AS shift
            FROM named""",  # noqa: S608 (constants)
        # Their stretches as rows. A name of more than four letters needs two: how it begins, and how it ends; each
        # sets one of its two bits. A short name in Latin letters, and a number, must not go on in Latin letters.
        rf"""CREATE OR REPLACE MACRO search_stretches(words) AS TABLE
            WITH part AS (
                SELECT term, shift, unnest(CASE
                    WHEN len(name) <= 4 THEN [{{'letters': name, 'bits': 3}}]
                    ELSE [{{'letters': name[:4], 'bits': 1}}, {{'letters': name[-2:], 'bits': 2}},
                        {{'letters': name[-3:], 'bits': 2}}, {{'letters': name[-4:], 'bits': 2}}] END,
                    recursive := true)
                FROM search_names(words)
            ),
            coded AS (
                SELECT term, bits::BIGINT << shift::INTEGER AS bits, len(letters) AS n,
                    search_code(letters[1:2]) AS gram, search_code(letters[3:4])::BIGINT AS rest,
                    rest - rest % 65536 AS third,
                    list_contains({whole}, letters)
                        OR letters < ':' AND len(letters) < 4 OR letters < '가' AND len(letters) = 2 AS whole
                FROM part
                WHERE letters[1] <> ' '
            ),
            range AS (
                SELECT term, bits, gram, unnest(CASE
                    WHEN n = 4 THEN [{{'low': rest, 'high': rest}}]
                    WHEN n = 3 AND whole
                        THEN [{{'low': rest, 'high': rest}}, {{'low': third + {first}, 'high': third + 65535}}]
                    WHEN n = 3 THEN [{{'low': third, 'high': third + 65535}}]
                    WHEN n = 2 AND whole
                        THEN [{{'low': third, 'high': third + 65535}}, {{'low': {first} * 65536, 'high': 4294967295}}]
                    ELSE [{{'low': 0::BIGINT, 'high': 4294967295}}] END, recursive := true)
                FROM coded
            )
            SELECT term, bits, gram, low::UINTEGER AS low, high::UINTEGER AS high FROM range""",  # noqa: S608 (constants)
    ]


def _pattern_macros(synonyms: Synonyms, names_by_name: dict[str, list[str]]) -> list[str]:
    """Return the macros that turn the words of a search into patterns, for short texts and to mark what was found."""
    names = "|".join(_pattern(name) for name in _longest_first(names_by_name))
    groups = literal(_patterns_by_name(names_by_name, _unspaced))
    slots = [f"search_pattern(words, {n}, {n})" for n in range(1, SLOTS)] + [f"search_pattern(words, {SLOTS}, -1)"]
    hit = " AND ".join(f"coalesce(regexp_matches(content, {slot}, 'i'), true)" for slot in slots)
    return [
        # One pattern for each word: a name with synonyms becomes all of them, any other letter itself with optional
        # spaces after it. A macro is expanded wherever it is used, so that each macro below uses this one only once.
        rf"""CREATE OR REPLACE MACRO search_parts(words) AS list_filter(string_split(array_to_string(list_transform(
            regexp_extract_all(search_plain(words), {literal(f"{names}|.")}),
            lambda part: CASE part WHEN ' ' THEN chr(1) ELSE coalesce(
                json_extract_string({groups}, replace(part, ' ', '')), '\Q' || part || '\E *') END
            ), ''), chr(1)), lambda pattern: pattern <> '')""",
        rf"""CREATE OR REPLACE MACRO search_patterns(words) AS list_transform(search_parts(words),
            lambda pattern: regexp_replace(pattern, {literal(_ending(synonyms.endings))}, '\1'))""",
        # The pattern of the words from first to until, in a row; NULL if there are fewer words than first.
        """CREATE OR REPLACE MACRO search_pattern(words, first, until) AS
            array_to_string(list_slice(search_patterns(words), first, until), '')""",
        "CREATE OR REPLACE MACRO search_any(words) AS array_to_string(search_patterns(words), '|')",
        f"CREATE OR REPLACE MACRO search_hit(content, words) AS {hit}",
    ]


def _patterns_by_name(names_by_name: dict[str, list[str]], key: Callable[[str], str]) -> str:
    """Return the pattern of all names that a search for one finds, as JSON by the key of that name.

    DuckDB binds one JSON constant faster than a MAP of a hundred entries.
    """
    patterns = {key(name): _group(names) for name, names in names_by_name.items()}
    return json.dumps(patterns, ensure_ascii=False)


def _names_by_name(same: list[list[str]], kinds: dict[str, list[str]]) -> dict[str, list[str]]:
    """Return for each name the names that a search for it looks for: the same, and those of its kinds."""
    lines = {_squashed(name): line for line in same for name in line}
    alternatives = {name: [*line] for line in same for name in line}
    for broad, narrow in kinds.items():
        more = [other for name in narrow for other in lines.get(_squashed(name), [name])]
        for name in lines.get(_squashed(broad), [broad]):
            alternatives.setdefault(name, [name]).extend(more)
    return alternatives


def _longest_first(names: Iterable[str]) -> list[str]:
    """Return names with the longer ones first, so that AI 전환 is matched before AI."""
    return sorted(names, key=lambda name: (-len(name), name))


def _ending(endings: list[str]) -> str:
    """Return a pattern for an ending of a word's pattern, after at least two letters or a name.

    A word without its particle matches wherever the whole word does.
    """
    ends = "|".join("".join(rf"\\Q{letter}\\E \*" for letter in end) for end in _longest_first(endings))
    return rf"((?:\\Q[가-힣a-z]\\E \*){{2}}|\) \*)(?:{ends})$"


def _unspaced(name: str) -> str:
    return name.lower().replace(" ", "")


def _squashed(name: str) -> str:
    """Return the letters of a name, by which it is looked up."""
    return "".join(_runs(name))


def _runs(name: str) -> list[str]:
    return _RUNS.findall(re.sub(r"\b([a-z])[&/.]([a-z])\b", r"\1\2", name.lower()))


def _as_indexed(name: str) -> str:
    """Return a name as the index has it: without spaces, but for those between words in Latin letters."""
    joined = " ".join(_runs(name))
    return re.sub(r"(?<![a-z0-9]) | (?![a-z0-9])", "", joined)


def _run_pattern(name: str) -> str:
    """Return the pattern of a name among words in single spaces: with any spacing, but not as a part of Latin words."""
    runs = _runs(name)
    spelling = " ?".join(run if run.isascii() else " ?".join(run) for run in runs)
    if all(run.isascii() for run in runs):
        spelling = " ".join(runs)
    return (r"\b" if runs[0].isascii() else "") + spelling + (r"\b" if runs[-1].isascii() else "")


def _group(names: list[str]) -> str:
    return f"(?:{'|'.join(map(_pattern, _longest_first(names)))}) *"


def _pattern(name: str) -> str:
    """Return the pattern of a name: Latin names match whole words, Korean ones match with any spacing."""
    lowered = name.lower()
    korean = re.search("[가-힣]", lowered) is not None
    parts = lowered.replace(" ", "") if korean else lowered.split()
    spelling = " *".join(map(re.escape, parts))
    begins, ends = lowered[0].isascii() and lowered[0].isalnum(), lowered[-1].isascii() and lowered[-1].isalnum()
    return (r"\b" if begins else "") + spelling + (r"\b" if ends else "")
