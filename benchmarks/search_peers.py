"""Index texts with tantivy, SQLite's FTS5 and DuckDB's fts, and ask each the same questions.

Every peer gets the texts in one normal form and, for each word of a question, all names that Gonggo looks for. Where no
text has every word, any of them will do, as in Gonggo. SQLite's trigrams take the text as it is; the others, pairs of
letters without regard to spaces, or words.

usage: search_peers.py INPUT OUTPUT
"""

from __future__ import annotations

import json
import re
import shutil
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import duckdb_extension_fts
import tantivy

Documents = list[dict[str, str]]
Terms = list[list[str]]
Search = Callable[[Terms], list[str]]
ROWS = 50


def pairs(text: str) -> list[str]:
    """Return words in Latin letters and digits as they are, and of all syllables between them each two in a row."""
    tokens = []
    for run in re.findall("[a-z0-9]+|[가-힣]+", re.sub("(?<=[가-힣]) +(?=[가-힣])", "", text)):
        tokens += [run] if run.isascii() or len(run) == 1 else [run[n : n + 2] for n in range(len(run) - 1)]
    return tokens


def phrase(text: str) -> str:
    """Return the pairs of a name as a phrase of a query."""
    return f'"{" ".join(pairs(text))}"'


@contextmanager
def trigrams(documents: Documents, folder: Path) -> Iterator[Search]:
    """SQLite FTS5 with its tokenizer of trigrams."""
    with sqlite_table(documents, folder, "trigram", str) as search:
        yield lambda terms: search(terms, lambda name: f'"{name}"')


@contextmanager
def sqlite_pairs(documents: Documents, folder: Path) -> Iterator[Search]:
    """SQLite FTS5 over pairs of letters, which have to follow each other."""
    with sqlite_table(documents, folder, "unicode61", lambda text: " ".join(pairs(text))) as search:
        yield lambda terms: search(terms, phrase)


@contextmanager
def sqlite_table(
    documents: Documents, folder: Path, tokenizer: str, prepared: Callable[[str], str]
) -> Iterator[Callable[[Terms, Callable[[str], str]], list[str]]]:
    """Index texts in SQLite, and yield a search that gets the names as they are to be quoted."""
    con = sqlite3.connect(folder / "index.db")
    con.execute(f"CREATE VIRTUAL TABLE texts USING fts5(id UNINDEXED, title, body, tokenize='{tokenizer}')")
    rows = ((one["id"], prepared(one["title"]), prepared(one["text"])) for one in documents)
    con.executemany("INSERT INTO texts VALUES (?, ?, ?)", rows)
    con.commit()
    query = "SELECT id FROM texts WHERE texts MATCH ? ORDER BY bm25(texts, 0, 4, 1) LIMIT ?"

    def search(terms: Terms, quoted: Callable[[str], str]) -> list[str]:
        groups = [f"({' OR '.join(map(quoted, names))})" for names in terms]
        for operator in (" AND ", " OR "):
            rows = con.execute(query, (operator.join(groups), ROWS)).fetchall()
            if rows:
                return [row[0] for row in rows]
        return []

    yield search
    con.close()


@contextmanager
def tantivy_pairs(documents: Documents, folder: Path) -> Iterator[Search]:
    """Tantivy over pairs of letters, which have to follow each other."""
    with tantivy_index(documents, folder, lambda text: " ".join(pairs(text))) as search:
        yield lambda terms: search(terms, phrase)


@contextmanager
def tantivy_words(documents: Documents, folder: Path) -> Iterator[Search]:
    """Tantivy over words as they stand between spaces."""
    with tantivy_index(documents, folder, str) as search:
        yield lambda terms: search(terms, lambda name: f'"{name}"')


@contextmanager
def tantivy_index(
    documents: Documents, folder: Path, prepared: Callable[[str], str]
) -> Iterator[Callable[[Terms, Callable[[str], str]], list[str]]]:
    """Index texts with tantivy, and yield a search that gets the names as they are to be quoted."""
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("id", stored=True, tokenizer_name="raw")
    for name in ("title", "body"):
        builder.add_text_field(name)
    index = tantivy.Index(builder.build(), path=str(folder))
    writer = index.writer(heap_size=100_000_000, num_threads=1)
    for one in documents:
        writer.add_document(tantivy.Document(id=one["id"], title=prepared(one["title"]), body=prepared(one["text"])))
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    searcher = index.searcher()

    def search(terms: Terms, quoted: Callable[[str], str]) -> list[str]:
        groups = [f"({' OR '.join(map(quoted, names))})" for names in terms]
        for operator in (" AND ", " OR "):
            query = index.parse_query(operator.join(groups), ["title", "body"], field_boosts={"title": 4.0})
            hits = searcher.search(query, ROWS).hits
            if hits:
                return [str(searcher.doc(place)["id"][0]) for _, place in hits]
        return []

    yield search


@contextmanager
def duckdb_fts(documents: Documents, folder: Path) -> Iterator[Search]:
    """DuckDB's extension fts over pairs of letters, in any order: it knows no phrases."""
    con = duckdb.connect(folder / "index.duckdb")
    package = Path(next(iter(duckdb_extension_fts.__path__)))
    con.execute(f"LOAD '{next(package.glob('extensions/*/fts.*'))}'")
    con.execute("CREATE TABLE texts (id VARCHAR, title VARCHAR, body VARCHAR)")
    rows = [[one["id"], " ".join(pairs(one["title"])), " ".join(pairs(one["text"]))] for one in documents]
    con.executemany("INSERT INTO texts VALUES (?, ?, ?)", rows)
    con.execute(
        "PRAGMA create_fts_index('texts', 'id', 'title', 'body', stemmer = 'none', stopwords = 'none',"
        " ignore = '[^a-z0-9가-힣]+', strip_accents = 0)"
    )
    con.execute("CHECKPOINT")

    def search(terms: Terms) -> list[str]:
        words = " ".join(pair for names in terms for name in names for pair in pairs(name))
        rows = con.execute(
            "SELECT id FROM (SELECT id, fts_main_texts.match_bm25(id, ?) AS score FROM texts) WHERE score IS NOT NULL"
            " ORDER BY score DESC LIMIT ?",
            [words, ROWS],
        ).fetchall()
        return [row[0] for row in rows]

    yield search
    con.close()


PEERS = {
    "SQLite FTS5, trigrams": trigrams,
    "SQLite FTS5, pairs of letters": sqlite_pairs,
    "DuckDB fts, pairs of letters": duckdb_fts,
    "tantivy, words": tantivy_words,
    "tantivy, pairs of letters": tantivy_pairs,
}


def main() -> None:
    """Write what each peer finds, and what it costs, as JSON."""
    task = json.loads(Path(sys.argv[1]).read_text("utf-8"))
    results = {}
    for name, peer in PEERS.items():
        folder = Path(tempfile.mkdtemp())
        begin = time.perf_counter()
        with peer(task["documents"], folder) as search:
            built = time.perf_counter() - begin
            ranked, taken = [], []
            for terms in task["questions"]:
                begin = time.perf_counter()
                ranked.append(search(terms))
                taken.append(1000 * (time.perf_counter() - begin))
        size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
        results[name] = {
            **{"found": ranked, "build_s": built, "bytes": size},
            **{"median_ms": statistics.median(taken), "worst_ms": max(taken)},
        }
        shutil.rmtree(folder)
    Path(sys.argv[2]).write_text(json.dumps(results), "utf-8")


if __name__ == "__main__":
    main()
