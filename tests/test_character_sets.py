"""Character sets that are worked out once: patterns are the same as those that Python alone compiles."""

import json
import subprocess
import sys
from types import SimpleNamespace

import pytest

from gonggo.character_sets import share_character_sets

SOURCES = [
    r"[가-힣]+", r"[^가-힣]", r"(?<![가-힣A-Za-z0-9])AI", r"[가-힣A-Za-z0-9&]{1,13}", r"(?i)[가-힣a-zÀ-ÿ]+", r"[\s가-힣\d]",
    r"[😀-🙏가-힣]", r"[은는이가]", r"(?i)[은는이가a]", r"[a-z]|[b]", r"(?a)[\w가-힣]", r"[\x00-\U0010ffff]", r"[가-힣A-Za-z0-9]",
]  # fmt: skip
COMPILED = "import json, sys, re._compiler as c, re._parser as p\nprint(json.dumps([c._code(p.parse(s), 0) for s in json.loads(sys.argv[1])]))"


def codes(first):
    command = [sys.executable, "-c", f"{first}\n{COMPILED}", json.dumps(SOURCES * 2)]
    return json.loads(subprocess.run(command, check=True, capture_output=True).stdout)


def test_patterns_are_those_of_python():
    assert codes("import gonggo") == codes("")


def test_a_set_is_worked_out_once_whatever_the_pattern():
    asked = []

    def work_out(charset, iscased=None, fixup=None, fixes=None):
        asked.append([*charset])
        return charset, False

    compiler = SimpleNamespace(_optimize_charset=work_out)
    share_character_sets(compiler)
    share_character_sets(compiler)
    hangul, particles = [("range", (44032, 55203))], [("literal", 51008), ("literal", 45716)]
    for charset in (hangul, particles, hangul, hangul):
        assert compiler._optimize_charset(charset, None, None, None) == (charset, False)
    assert asked == [hangul, particles]
    compiler._optimize_charset(hangul, str.isupper, str.lower, None)
    assert asked == [hangul, particles, hangul]


@pytest.mark.parametrize("compiler", [SimpleNamespace(), SimpleNamespace(compile=None)])
def test_a_compiler_that_works_in_another_way_stays_as_it_is(compiler):
    before = dict(vars(compiler))
    share_character_sets(compiler)
    assert vars(compiler) == before
