"""Programmes that prose names twice, in full and shorter, are one."""

from __future__ import annotations

import re
from dataclasses import replace

from gonggo.extract.doc import Doc
from gonggo.extract.record_types import Programme, TextEvidence

_BRACKETS = re.compile(r"\(([^()]*)\)")
_MARKS = re.compile(r"[\s'\"‘’“”「」『』<>\[\]·ㆍ,.\-_/+~()]+")
_YEAR = re.compile(r"^(?:올해|내년|지난해)?(?:20\d\d년?도?)?")
# What a name may end with or leave out.
_ENDINGS = re.compile(r"(?:지원|공모|조성|구축|추진|육성|운영)?(?:사업|프로젝트)$|(?:지원|공모|조성|구축|추진)$")
_NUMBERS = re.compile(r"\d+(?:단계|차|기)|[ⅠⅡⅢ]")
# What a headline says before a name: whose it is, how large.
_BEFORE = re.compile(r"(?:[가-힣]{2,4}(?:시|도|군|구)?)?(?:[\d,]+(?:조|억|만)?원?(?:규모)?)?")
_SHORTEST = 5


def united(programmes: list[Programme], doc: Doc) -> list[Programme]:
    """Return the programmes of prose, with those that are one under the first name below the headline.

    What that entry does not say the others may; their names become aliases.
    """
    headline = doc.text.find("\n")
    out: list[Programme] = []
    for programme in programmes:
        twin = next((number for number, one in enumerate(out) if _are_one(one, programme)), None)
        if twin is None:
            out.append(programme)
        else:
            is_headline = _position(out[twin]) < headline <= _position(programme)
            out[twin] = _joined(programme, out[twin]) if is_headline else _joined(out[twin], programme)
    return out


def _position(programme: Programme) -> int:
    return programme.evidence.start if isinstance(programme.evidence, TextEvidence) else -1


def _joined(one: Programme, other: Programme) -> Programme:
    names = dict.fromkeys([*one.aliases, other.name, *other.aliases])
    return replace(
        one,
        aliases=tuple(name for name in names if name != one.name),
        type=one.type or other.type,
        start=one.start or other.start,
        end=one.end or other.end,
    )


def _are_one(one: Programme, other: Programme) -> bool:
    return any(_is_one_name(name, again) for name in (one.name, *one.aliases) for again in (other.name, *other.aliases))


def _is_one_name(one: str, other: str) -> bool:
    """Return whether two names say the same, apart from brackets, a year, endings and what a headline adds."""
    if sorted(_NUMBERS.findall(one)) != sorted(_NUMBERS.findall(other)):
        return False
    short, long = sorted((_core(one), _core(other)), key=len)
    if len(short) < _SHORTEST:
        return False
    if short == long or short in (_core(name) for full in (one, other) for name in _BRACKETS.findall(full)):
        return True
    return long.endswith(short) and bool(_BEFORE.fullmatch(long.removesuffix(short)))


def _core(name: str) -> str:
    bare = _YEAR.sub("", _MARKS.sub("", _BRACKETS.sub("", name)).lower())
    while (shorter := _ENDINGS.sub("", bare)) != bare:
        bare = shorter
    return bare
