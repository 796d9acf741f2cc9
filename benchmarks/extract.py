"""Compare Gonggo, from page to facts, with trafilatura, from page to text: documents a second and peak memory.

Every document of a folder is put into a page of a board (menus, lists of other posts, a footer: about 36 kB). Each of
the two reads all pages repeatedly, in a process of its own, until it has run for some seconds.

usage: extract.py [DIR] [--seconds N]
"""

from __future__ import annotations

import argparse
import html
import json
import platform
import subprocess
import sys
import tempfile
from pathlib import Path

from peer import ROOT, interpreter

TRAFILATURA = "trafilatura==2.0.0"
PAGE_BYTES = 36_000

READ_BY_GONGGO = """
import json, resource, sys, time
from pathlib import Path
from importlib.metadata import version
from gonggo.extract.record import extract
from gonggo.read.files import from_bytes
pages = [path.read_bytes() for path in sorted(Path(sys.argv[1]).glob("*.html"))]
def once():
    facts = 0
    for page in pages:
        reading = from_bytes(page, name="page.html")
        facts += len(json.dumps(extract(reading.text, id="x", fields=reading.meta)))
    return facts
name = f"Gonggo (text and facts), lxml {version('lxml')}"
"""
READ_BY_TRAFILATURA = """
import json, resource, sys, time
from pathlib import Path
from importlib.metadata import version
import trafilatura
pages = [path.read_bytes() for path in sorted(Path(sys.argv[1]).glob("*.html"))]
def once():
    return sum(len(trafilatura.extract(page) or "") for page in pages)
name = f"trafilatura {version('trafilatura')} (text)"
"""
LOOP = """
once()
rounds, begin = 0, time.perf_counter()
while time.perf_counter() - begin < float(sys.argv[2]):
    size = once()
    rounds += 1
seconds = time.perf_counter() - begin
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps({"name": name, "ms": 1000 * seconds / rounds / len(pages), "peak": peak, "characters": size}))
"""


def main() -> int:
    """Measure both and print their times."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("folder", nargs="?", type=Path, default=ROOT / "tests" / "gold" / "texts")
    parser.add_argument("--seconds", type=float, default=8.0)
    args = parser.parse_args()
    python = interpreter(TRAFILATURA)
    with tempfile.TemporaryDirectory() as folder:
        count = write_pages(args.folder, Path(folder))
        rows = [
            _measure(Path(sys.executable), READ_BY_GONGGO, folder, args.seconds),
            _measure(python, READ_BY_TRAFILATURA, folder, args.seconds),
        ]
    print(f"{count} documents, pages of about {PAGE_BYTES // 1000} kB; Python {platform.python_version()}, one core")
    print(f"{'':<44}{'ms/document':>12}{'documents/s':>13}{'peak MB':>9}")
    for row in rows:
        print(f"{row['name']:<44}{row['ms']:>12.2f}{1000 / row['ms']:>13.0f}{row['peak']:>9.0f}")
    print(f"Gonggo takes {rows[0]['ms'] / rows[1]['ms']:.2f} of trafilatura's time")
    return 0


def write_pages(documents: Path, folder: Path) -> int:
    """Write each document as a page of a board; return how many there are."""
    paths = [path for path in sorted(documents.iterdir()) if path.is_file()]
    for number, path in enumerate(paths):
        body = "".join(f"<p>{html.escape(line)}</p>\n" for line in path.read_text("utf-8").splitlines() if line.strip())
        post = '<li><a href="/board/view?no={0}"><span class="subject">다른 공고 {0}의 제목입니다</span></a></li>\n'
        head = "<html><head><meta charset='utf-8'><title>공고</title></head><body>"
        head += f"<nav><ul>{post.format(1) * 40}</ul></nav>"
        page = f"{head}<div class='board_view'><div class='view_cont'>{body}</div></div><ul class='list'>"
        while len(page.encode()) < PAGE_BYTES:
            page += post.format(len(page))
        (folder / f"{number:04d}.html").write_text(page + "</ul><footer>누리집 운영</footer></body></html>", "utf-8")
    return len(paths)


def _measure(python: Path, code: str, folder: str, seconds: float) -> dict:
    command = [str(python), "-c", code + LOOP, folder, str(seconds)]
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=600)
    if done.returncode:
        sys.exit(f"{command[0]}: {done.stderr.strip()}")
    return json.loads(done.stdout)


if __name__ == "__main__":
    sys.exit(main())
