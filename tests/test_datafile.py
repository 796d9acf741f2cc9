"""Data files fail with the file and the line."""

import pytest
from pydantic import BaseModel

from gonggo.datafile import load_model, load_yaml
from gonggo.errors import DataFileError


class Inner(BaseModel):
    delay: float


class Outer(BaseModel):
    name: str
    inner: list[Inner]


def test_a_wrong_value_names_its_line(tmp_path):
    path = tmp_path / "site.yaml"
    path.write_text("name: 부산\ninner:\n  - delay: 1\n  - delay: soon\n", "utf-8")
    with pytest.raises(DataFileError, match=r"site\.yaml:4: inner\.1\.delay"):
        load_model(path, Outer)


class Words(BaseModel):
    words: list[int]


@pytest.mark.parametrize(("text", "line"), [("words:\n  - 1\n\n  - 둘\n  - 3\n", 4), ("words: [1,\n  2,\n  셋]\n", 3)])
def test_a_wrong_entry_of_a_list_names_its_own_line(tmp_path, text, line):
    path = tmp_path / "site.yaml"
    path.write_text(text, "utf-8")
    with pytest.raises(DataFileError, match=rf"site\.yaml:{line}: words\.\d: "):
        load_model(path, Words)


def test_broken_yaml_names_its_line(tmp_path):
    path = tmp_path / "site.yaml"
    path.write_text("name: 부산\ninner: [1, 2\nother: x\n", "utf-8")
    with pytest.raises(DataFileError, match=r"site\.yaml:\d"):
        load_yaml(path)


def test_another_encoding_says_so(tmp_path):
    path = tmp_path / "site.yaml"
    path.write_bytes("name: 부산".encode("cp949"))
    with pytest.raises(DataFileError, match="UTF-8"):
        load_model(path, Outer)


def test_a_list_is_not_a_mapping(tmp_path):
    path = tmp_path / "site.yaml"
    path.write_text("- 1\n", "utf-8")
    with pytest.raises(DataFileError, match=r":1: expected a mapping"):
        load_model(path, Outer)
