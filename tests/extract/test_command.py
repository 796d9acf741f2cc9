"""What ``gonggo extract`` prints of files: lines for people, JSON for programs, and each file that cannot be read."""

import io
import json

from gonggo.extract.command import readable, run
from gonggo.extract.record_types import ExtractionRecord, Fact, Named, Organisation, TextEvidence

CALL = (
    "2026년 경남 AI 바우처 지원사업 모집 공고\n경남테크노파크는 참여기업을 모집합니다.\n"
    "□ 지원금액 : 기업당 최대 2,000만원\n□ 접수기간 : 2026. 3. 2. ~ 2026. 3. 20.\n□ 모집규모 : 12개사\n"
)


def printed(*paths, as_json=False):
    out = io.StringIO()
    return run(list(paths), out, as_json=as_json), out.getvalue()


def test_a_folder_stands_for_its_readable_files_in_order_beside_files_that_are_named(tmp_path):
    folder = tmp_path / "folder"
    (folder / "deeper").mkdir(parents=True)
    for name in ("b.txt", "deeper/a.TXT", "picture.bmp"):
        (folder / name).write_text(CALL, "utf-8")
    (tmp_path / "first.txt").write_text(CALL, "utf-8")
    status, text = printed(tmp_path / "first.txt", folder, as_json=True)
    assert status == 0
    assert [json.loads(line)["id"] for line in text.splitlines()] == ["first", "b", "a"]


def test_each_fact_stands_with_its_words_and_sums_with_commas(tmp_path):
    (tmp_path / "a.txt").write_text(CALL, "utf-8")
    status, text = printed(tmp_path / "a.txt")
    lines = [" ".join(line.split()) for line in text.splitlines()]
    assert status == 0 and text.endswith("\n\n")
    assert lines[0] == f"{tmp_path / 'a.txt'}: 2026년 경남 AI 바우처 지원사업 모집 공고"
    assert "relevant yes «AI»" in lines
    assert "amounts krw 20,000,000 · role award_ceiling · programme 경남 AI 바우처 지원사업 «2,000만원»" in lines
    assert "application.closes_at 2026-03-20 «2026. 3. 20.»" in lines
    assert (
        "quantities 12 · unit companies · programme 경남 AI 바우처 지원사업 · what supported · state planned «12개사»"
        in lines
    )
    assert not any(line.startswith(("id", "text", "title")) for line in lines)


def test_a_long_quote_is_cut_an_empty_value_is_left_out_and_a_list_is_one_value():
    record = ExtractionRecord(
        id="x",
        kind=Fact("other"),
        relevant=Fact(value=False),
        organisations=[Organisation(name="가", aliases=("나", "다"), evidence=TextEvidence(0, 120, "말 " * 60))],
        regions=[Named("경남", TextEvidence(0, 3, "여\n백"))],
    )
    lines = [" ".join(line.split()) for line in readable("x.txt", record)]
    quote = ("말 " * 60)[:100]
    assert lines == [
        "x.txt", "kind other «»", "relevant no «»", "regions 경남 «여 백»", f"organisations 가 · aliases 나, 다 «{quote}…»",
    ]  # fmt: skip


def test_a_file_that_cannot_be_read_is_reported_and_the_others_are_printed(tmp_path, capsys):
    (tmp_path / "a.txt").write_text(CALL, "utf-8")
    status, text = printed(tmp_path / "gone.txt", tmp_path / "a.txt", as_json=True)
    assert status == 1 and len(text.splitlines()) == 1
    assert capsys.readouterr().err == f"gonggo: {tmp_path / 'gone.txt'}: No such file or directory\n"
