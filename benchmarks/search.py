"""Measure the full-text search: what it finds, beside other engines, and what it costs as the announcements grow.

The questions of tests/questions/searches.yaml are asked of the announcements of the demo portal together with the
labelled texts of ../shared/gold, if they are there: recall among the first ten, and the reciprocal rank of the first answer. Tantivy, SQLite's FTS5
and DuckDB's fts get the same texts and, for each word, the same names; `search()` as it was, patterns over all texts, is asked too.

For time and size, announcements are generated and indexed in groups as a publication does, then a day's 1,000 more.

usage: search.py [--sizes 10000,100000] [--rounds 5]
"""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
import time
from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import yaml
from announcements import announcement
from measure import run, save
from peer import ROOT, interpreter

from demo.portal import serve
from gonggo import pipeline
from gonggo.settings import SQL, load_settings
from gonggo.sources.catalogue import active_sites
from gonggo.warehouse.memory import LOW_MEMORY, set_memory
from gonggo.warehouse.migrate import migrate
from gonggo.warehouse.quoting import FILE_OPTIONS
from gonggo.warehouse.search_index import update_search_index
from gonggo.warehouse.sql_files import run_sql
from gonggo.warehouse.synonyms import macros

QUESTIONS = ROOT / "tests" / "questions" / "searches.yaml"
GOLD = ROOT.parent / "shared" / "gold"
PEERS = ("tantivy==0.27.0", "duckdb==1.5.5", "duckdb-extension-fts==1.5.5")
FIRST = 10
# A day's new announcements.
DAY = 1_000
# A common word, a rare one, two together, words with a number, words of every announcement, and one of none.
SEARCHES = (
    *("예지보전", "원주시 수요예측", "건강 전주", "에너지 인력양성 사업 700호", "지원 사업 공고", "없는말"),
    *("AI 실증", "중소기업 신청", "경남 창원 제조 AI 실증 참여기업 모집", "연구원399"),
)
# The search before there was an index.
PATTERNS = """
SELECT version_key FROM announcement_version
WHERE search_hit(search_plain(concat(title, ' ', text)), $1)
ORDER BY 4 * len(regexp_extract_all(title, search_any($1), 0, 'i')) + ln(1 + len(regexp_extract_all(text, search_any($1), 0, 'i'))) DESC
LIMIT 50
"""
INDEX = """
SELECT d.version_key FROM (
    FROM search_scores($1, 2, 50000) WHERE 2 * words_found >= words_asked
    ORDER BY words_found DESC, score DESC, doc LIMIT 50
) AS s JOIN site.search_document AS d USING (doc) ORDER BY s.words_found DESC, s.score DESC, s.doc
"""
Document = dict[str, str]


def main() -> None:
    """Print and save the quality of every engine, and the cost of the index at each size."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", default="10000,100000")
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    result: dict[str, Any] = {"quality": quality(), "sizes": []}
    for name, row in result["quality"].items():
        print(f"{name:<32} recall@{FIRST} {row['recall']:.3f}  MRR {row['mrr']:.3f}  build {row['build_s']:6.2f} s  "
              f"{row['bytes'] / 1e6:6.1f} MB  median {row['median_ms']:6.1f} ms  worst {row['worst_ms']:6.1f} ms", flush=True)  # fmt: skip
    for size in filter(None, options.sizes.split(",")):
        row = cost(int(size), options.rounds)
        result["sizes"].append(row)
        print(", ".join(f"{name} {value:,.1f}" for name, value in row.items()), flush=True)
    save("search", result)


def quality() -> dict[str, dict[str, float]]:
    """Return the scores and the cost of every engine over the questions whose texts are here."""
    questions_by_kind = yaml.safe_load(QUESTIONS.read_text("utf-8"))
    documents = [*demo_documents(), *gold_documents()]
    present = {answer_of(one["id"]) for one in documents}
    asked = [
        (words, {str(answer) for answer in answers}) for part in questions_by_kind.values() for words, answers in part
    ]
    asked = [(words, answers) for words, answers in asked if answers <= present]
    print(
        f"{len(asked)} questions over {len(documents)} texts of {sum(len(one['text']) for one in documents):,} letters"
    )
    results = {}
    with tempfile.TemporaryDirectory() as folder, closing(connect(Path(folder, "index.duckdb"))) as con:
        insert(con, documents)
        con.execute("CHECKPOINT")
        before = Path(folder, "index.duckdb").stat().st_size
        begin = time.perf_counter()
        update_search_index(con)
        con.execute("CHECKPOINT")
        built, size = time.perf_counter() - begin, Path(folder, "index.duckdb").stat().st_size - before
        for name, query, cost_of in (
            ("Gonggo's index in DuckDB", INDEX, (built, size)),
            ("patterns over all texts", PATTERNS, (0, 0)),
        ):
            ranked, taken = timed(con, query, [words for words, _ in asked], 1)
            results[name] = {
                **scores([answers for _, answers in asked], ranked),
                **{"build_s": cost_of[0], "bytes": cost_of[1], **of_times(taken)},
            }
        questions = [names_of(con, words) for words, _ in asked]
        plain = [
            {"id": one["id"], **{part: con.execute("SELECT search_plain($1)", [one[part]]).fetchone()[0] for part in ("title", "text")}}
            for one in documents
        ]  # fmt: skip
        task, out = Path(folder, "given.json"), Path(folder, "out.json")
        task.write_text(json.dumps({"documents": plain, "questions": questions}, ensure_ascii=False), "utf-8")
        run([interpreter(*PEERS), Path(__file__).with_name("search_peers.py"), task, out])
        for name, row in json.loads(out.read_text("utf-8")).items():
            results[name] = scores([answers for _, answers in asked], row.pop("found")) | row
    return results


def demo_documents() -> list[Document]:
    """Return the announcements of the demo portal, collected from it."""
    with tempfile.TemporaryDirectory() as folder, serve() as portal:
        environ = {"GONGGO_HOME": folder, "GONGGO_SOURCES": "demo", "GONGGO_DEMO_URL": portal.url}
        settings = replace(load_settings(environ), chunk_size=20)
        for _ in pipeline.collect_all(sorted(site.id for site in active_sites(settings)), settings=settings):
            pass
        pipeline.load(settings)
        with closing(duckdb.connect(settings.warehouse, read_only=True)) as con:
            rows = con.execute(
                "SELECT a.source || '/' || a.native_id, v.title, v.text FROM announcement_version AS v"
                " JOIN announcement AS a USING (announcement_key) WHERE v.is_current ORDER BY 1"
            ).fetchall()
    return [{"id": name, "title": title, "text": text} for name, title, text in rows]


def gold_documents() -> list[Document]:
    """Return the labelled texts, each with its first line as the title."""
    texts = {
        path.stem: path.read_text("utf-8")
        for folder in ("dev", "field")
        for path in sorted((GOLD / folder / "texts").glob("*.txt"))
    }
    return [{"id": name, "title": text.strip().partition("\n")[0][:200], "text": text} for name, text in texts.items()]


def answer_of(name: str) -> str:
    """Return how the questions name a document: a labelled text by its id, one of the demo by its number."""
    return name if "/" not in name else name[-4:]


def scores(answers: list[set[str]], ranked: list[list[str]]) -> dict[str, float]:
    """Return recall among the first ten and the mean reciprocal rank; an announcement on several sites counts once."""
    recalls, ranks = [], []
    for wanted, names in zip(answers, ranked, strict=True):
        first = list(dict.fromkeys(map(answer_of, names)))[:FIRST]
        recalls.append(len(wanted & {*first}) / len(wanted))
        ranks.append(max((1 / (first.index(answer) + 1) for answer in wanted if answer in first), default=0))
    return {"recall": statistics.mean(recalls), "mrr": statistics.mean(ranks)}


def connect(path: Path) -> duckdb.DuckDBPyConnection:
    """Create a warehouse with the tables and macros of the search."""
    con = duckdb.connect()
    con.execute(f"ATTACH '{path}' AS gonggo ({FILE_OPTIONS})")
    con.execute("USE gonggo")
    set_memory(con, LOW_MEMORY)
    migrate(con)
    hits = (SQL / "macros" / "search.sql").read_text("utf-8").partition("-- 찾은 말")[0]
    for macro in [*macros(), hits]:
        run_sql(con, macro, {})
    return con


def insert(con: duckdb.DuckDBPyConnection, documents: Iterable[Document]) -> None:
    """Insert the documents as current versions, by way of a file."""
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl", encoding="utf-8") as file:
        for one in documents:
            file.write(json.dumps(one, ensure_ascii=False) + "\n")
        file.flush()
        con.execute(INSERT, [file.name])


def names_of(con: duckdb.DuckDBPyConnection, words: str) -> list[list[str]]:
    """Return for each word of a question the names that are looked for."""
    return [list(row[0]) for row in con.execute(NAMES, [words]).fetchall()]


INSERT = """
INSERT INTO announcement_version BY NAME
SELECT id AS announcement_key, id AS version_key, id AS document_key, id AS content_hash, now() AS valid_from,
    true AS is_current, 'new' AS change_kind, title, text
FROM read_json($1, columns = {id: 'VARCHAR', title: 'VARCHAR', text: 'VARCHAR'})
"""
NAMES = "SELECT list(DISTINCT name ORDER BY name) FROM search_names($1) GROUP BY term ORDER BY term"


def timed(
    con: duckdb.DuckDBPyConnection, query: str, questions: Iterable[str], rounds: int
) -> tuple[list[list[str]], list[float]]:
    """Return the ids that each question finds, and the milliseconds of every search."""
    ranked, taken = [], []
    for words in questions:
        for _ in range(rounds):
            begin = time.perf_counter()
            rows = con.execute(query, [words]).fetchall()
            taken.append(1000 * (time.perf_counter() - begin))
        ranked.append([row[0] for row in rows])
    return ranked, taken


def of_times(taken: list[float]) -> dict[str, float]:
    """Return the median and the longest of some times."""
    return {"median_ms": statistics.median(taken), "worst_ms": max(taken)}


def cost(size: int, rounds: int) -> dict[str, float]:
    """Return what the index of ``size`` generated announcements costs, and the searches in it."""
    with tempfile.TemporaryDirectory(dir=bench_folder()) as folder:
        path = Path(folder, "index.duckdb")
        with closing(connect(path)) as con:
            con.execute(f"SET temp_directory = '{folder}/spilled'")
            for first in range(0, size, 20_000):
                insert(con, generated(range(first, min(first + 20_000, size))))
            con.execute("CHECKPOINT")
            without = path.stat().st_size
            built = seconds(lambda: update_search_index(con))
            con.execute("CHECKPOINT")
            whole = path.stat().st_size
            insert(con, generated(range(10**9, 10**9 + DAY)))
            day = seconds(lambda: update_search_index(con))
            con.execute("SET threads = 2")
            con.execute("SET memory_limit = '512MB'")
            _, taken = timed(con, INDEX, SEARCHES, rounds)
            rows = con.execute("SELECT count(*) FROM site.search_posting").fetchone()[0]  # type: ignore[index]
    return {
        **{"announcements": size, "index_s": built, "day_s": day, **of_times(taken)},
        **{"texts_mb": without / 1e6, "index_mb": (whole - without) / 1e6, "rows": rows},
    }


def seconds(step: Callable[[], object]) -> float:
    """Return how long a step takes."""
    begin = time.perf_counter()
    step()
    return time.perf_counter() - begin


def generated(numbers: Iterable[int]) -> Iterable[Document]:
    """Yield the generated announcements of some numbers."""
    for number in numbers:
        one = announcement(number)
        yield {"id": f"{number}", "title": one["title"], "text": one["record"]["text"]}


def bench_folder() -> Path:
    """Return the folder of the benchmarks, which is made if there is none."""
    folder = ROOT / "var" / "bench"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


if __name__ == "__main__":
    main()
