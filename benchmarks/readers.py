"""Compare Gonggo's readers of office files with alternatives, by format: time, memory, recall and precision.

Each file is read by a fresh process, as Gonggo reads them. Without a folder, files are generated: notices of about five
pages with tables, whose text is known, and files that readers are known to get wrong. With a folder that has ``files/``
and ``texts/``, its files are read and compared with its texts.

usage: readers.py [DIR]
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from peer import ROOT, interpreter

from demo.office import pdf
from tests.read.office_files import hwp, hwpx, nested, p, sheet, t, tbl, word

GOLD = ROOT / "tests" / "gold" / "texts"
GONGGO = """
from gonggo.read.office.common import finished
from gonggo.read.office.sniff import sniff
from gonggo.read.office.worker import READERS
def read(path):
    content = open(path, "rb").read()
    return finished(READERS[sniff(content)](content)[0])[0]
"""
# Package → the formats that it reads, and the code of a function that reads a file.
PEERS = {
    "unhwp==0.23.1": (("hwp", "hwpx"), "import unhwp\ndef read(path): return unhwp.parse_bytes(open(path, 'rb').read()).markdown"),
    "python-hwpx==6.9.0": (("hwp", "hwpx"), "import hwpx\ndef read(path): return hwpx.HwpxDocument.open(path).export_markdown()"),
    "hwp-hwpx-parser==1.0.0": (("hwp", "hwpx"), "import hwp_hwpx_parser as h\ndef read(path): return h.Reader(path).text"),
    "pypdf==7.1.0": (("pdf",), "import pypdf\ndef read(path): return '\\n'.join(page.extract_text() for page in pypdf.PdfReader(path).pages)"),
    "pdfplumber==0.11.10": (("pdf",), "import pdfplumber\ndef read(path): return '\\n'.join(page.extract_text() for page in pdfplumber.open(path).pages)"),
    "docx2txt==0.9": (("docx",), "import docx2txt\ndef read(path): return docx2txt.process(path)"),
    "python-calamine==0.9.1": (("xlsx",), "import python_calamine as c\ndef read(path):\n b = c.CalamineWorkbook.from_path(path)\n return '\\n'.join(' '.join(map(str, row)) for n in b.sheet_names for row in b.get_sheet_by_name(n).to_python())"),
}  # fmt: skip
LOOP = """
import json, sys, time
begin = time.perf_counter()
try:
    text = read(sys.argv[1]) or ""
except Exception as error:
    text = ""
ms = 1000 * (time.perf_counter() - begin)
# getrusage of a child includes the memory of its parent until it executes another program.
peak = next(int(line.split()[1]) / 1024 for line in open("/proc/self/status") if line.startswith("VmHWM"))
sys.stdout.buffer.write(json.dumps({"ms": ms, "peak": peak, "text": text}).encode())
"""
FORMATS = ("hwp", "hwpx", "pdf", "docx", "xlsx")
SECONDS = 60


def main() -> int:
    """Compare the readers and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("folder", nargs="?", type=Path)
    args = parser.parse_args()
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores; a fresh process each file")
    with tempfile.TemporaryDirectory() as scratch:
        files = _files_of(args.folder) if args.folder else _generate(Path(scratch))
        _compare(files)
        if not args.folder:
            _traps(Path(scratch) / "traps")
    return 0


def _readers(kind: str) -> list[tuple[str, Path, str]]:
    """Return name, interpreter and code of every reader of a format, Gonggo first."""
    own = [("Gonggo", Path(sys.executable), GONGGO)]
    return own + [(name, interpreter(name), code) for name, (kinds, code) in PEERS.items() if kind in kinds]


def _compare(files: list[tuple[str, Path, str]]) -> None:
    print(
        f"\n{'':<8}{'reader':<26}{'files':>6}{'ms/file':>9}{'with start':>12}{'peak MB':>9}{'recall':>9}{'precision':>11}"
    )
    for kind in FORMATS:
        own = [(path, text) for one, path, text in files if one == kind]
        for name, python, code in _readers(kind) if own else []:
            runs = [(_run(python, code, path), text) for path, text in own]
            scores = [agreement(text, run["text"]) for run, text in runs]
            row = [statistics.median(run[key] for run, _ in runs) for key in ("ms", "whole")]
            peak = max(run["peak"] for run, _ in runs)
            good = [statistics.mean(score[at] for score in scores) for at in (0, 1)]
            print(
                f"{kind:<8}{name:<26}{len(own):>6}{row[0]:>9.1f}{row[1]:>12.0f}{peak:>9.0f}{good[0]:>9.3f}{good[1]:>11.3f}"
            )


def _traps(folder: Path) -> None:
    """Read files that readers are known to get wrong; print which text has all wanted words and no unwanted one."""
    folder.mkdir()
    marked = p(
        "<hp:t>접수 3<hp:deleteBegin/>1<hp:deleteEnd/>0일 1<hp:deleteBegin/>8</hp:t>",
        "<hp:t>9<hp:deleteEnd/>7시까지</hp:t>",
    )
    placeholder = "이 문서는 상위 버전의 배포용 문서입니다."
    inner = p(tbl([[p(t("1. 접수")) + p(tbl([[p(t("기간")), p(t("10월"))]])) + p(t("2. 문의"))]]))
    traps = [
        ("a deleted digit of a deadline", "hwpx", hwpx(marked), ("30일 17시까지",), ()),
        ("a file for distribution", "hwp", hwp([placeholder], flags=5, distributed=["지원규모는 기업당 최대 1억원"]), ("1억원",), ("배포용",)),
        ("a table within a box, in its place", "hwp", hwp([[[["1. 접수", [["기간", "10월"]], "2. 문의"]]]]), ("1. 접수", "기간", "2. 문의"), ()),
        ("the same as HWPX", "hwpx", hwpx(inner), ("1. 접수", "기간", "2. 문의"), ()),
        ("boxes within boxes, forty deep", "hwp", hwp([nested("끝말은 여기에 있다", 40)]), ("끝말은 여기에",), ()),
    ]  # fmt: skip
    print()
    for title, kind, content, wanted, unwanted in traps:
        path = folder / f"{len(list(folder.iterdir()))}.{kind}"
        path.write_bytes(content)
        verdicts = []
        for name, python, code in _readers(kind):
            text = _run(python, code, path)["text"]
            places = [text.find(words) for words in wanted]
            right = min(places) >= 0 and places == sorted(places) and not any(words in text for words in unwanted)
            verdicts.append(f"{name.partition('==')[0]} {'right' if right else 'wrong'}")
        print(f"{title}: {', '.join(verdicts)}")


def _run(python: Path, code: str, path: Path) -> dict:
    """Read one file in one process; return milliseconds of reading and of the process, peak megabytes, and the text."""
    begin = time.perf_counter()
    env = {"PATH": "/usr/bin:/bin", "PYTHONUTF8": "1"}
    done = subprocess.run([python, "-c", code + LOOP, path], check=False, capture_output=True, env=env, timeout=SECONDS)
    if not done.stdout:
        sys.exit(f"{python}: {path.name}: {done.stderr.decode().strip()[-500:]}")
    return {**json.loads(done.stdout), "whole": 1000 * (time.perf_counter() - begin)}


def agreement(wanted: str, got: str) -> tuple[float, float]:
    """Return recall and precision over runs of four letters and digits; other characters do not count."""
    grams = [
        Counter(s[at : at + 4] for at in range(len(s) - 3))
        for s in ("".join(filter(str.isalnum, x)) for x in (wanted, got))
    ]
    common = sum((grams[0] & grams[1]).values())
    return common / max(1, grams[0].total()), common / max(1, grams[1].total())


def _files_of(folder: Path) -> list[tuple[str, Path, str]]:
    """Return format, path and text of the files of a folder that have a text."""
    from gonggo.read.office.sniff import sniff

    texts = {path.stem: path.read_text("utf-8") for path in (folder / "texts").iterdir()}
    paths = [path for path in sorted((folder / "files").iterdir()) if path.stem in texts]
    return [(sniff(path.read_bytes()) or "", path, texts[path.stem]) for path in paths]


def _generate(folder: Path) -> list[tuple[str, Path, str]]:
    """Write a dozen notices in every format, composed of sample texts with a table after every ten lines."""
    lines = [line for path in sorted(GOLD.iterdir()) for line in path.read_text("utf-8").splitlines() if line.strip()]
    files = []
    for number in range(12):
        own = lines[number * 7 :] + lines[: number * 7]
        parts = [own[at : at + 10] for at in range(0, len(own), 10)]
        tables = [[["구분", "내용"], *([f"{at + 1}차", line] for at, line in enumerate(part[:3]))] for part in parts]
        text = "\n".join(
            "\n".join(part) + "\n" + "\n".join(" ".join(row) for row in table)
            for part, table in zip(parts, tables, strict=True)
        )
        flow = [piece for part, table in zip(parts, tables, strict=True) for piece in (*part, table)]
        contents = {
            "hwp": hwp(flow),
            "hwpx": hwpx("".join(p(t(_xml(x))) if isinstance(x, str) else p(tbl([[p(t(_xml(c))) for c in row] for row in x])) for x in flow)),
            "pdf": pdf(*_pages(text.splitlines())),
            "docx": word([line for part in parts for line in part], [row for table in tables for row in table]),
            "xlsx": sheet([[line] for part in parts for line in part] + [row for table in tables for row in table]),
        }  # fmt: skip
        for kind, content in contents.items():
            path = folder / f"{number:02d}.{kind}"
            path.write_bytes(content)
            files.append((kind, path, text))
    return files


def _pages(lines: list[str]) -> list[list[str]]:
    """Break lines and divide them into pages that they fit."""
    short = [line[at : at + 42] for line in lines for at in range(0, len(line), 42)]
    return [short[at : at + 45] for at in range(0, len(short), 45)]


def _xml(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")


if __name__ == "__main__":
    sys.exit(main())
