-- Read batches into temporary tables, with explicit columns: nothing is guessed from the data.
CREATE OR REPLACE TEMP TABLE stage_run AS
SELECT
    parse_path(filename)[-2] AS batch_id,
    * EXCLUDE (filename)
FROM read_json($run, filename = TRUE, columns = {
        source: 'VARCHAR',
        run_id: 'VARCHAR',
        started_at: 'TIMESTAMPTZ',
        finished_at: 'TIMESTAMPTZ',
        state: 'VARCHAR',
        pages: 'INTEGER',
        listed: 'INTEGER',
        "new": 'INTEGER',
        changed: 'INTEGER',
        fetched: 'INTEGER',
        extracted: 'INTEGER',
        failed: 'INTEGER',
        complete: 'BOOLEAN',
        errors: 'JSON',
        stored: 'INTEGER',
        newest: 'DATE',
        left_out: 'INTEGER',
        revisited: 'INTEGER',
        unchanged: 'INTEGER',
        vanished: 'INTEGER'
    });

CREATE OR REPLACE TEMP TABLE stage_fetch AS
SELECT
    parse_path(filename)[-2] AS batch_id,
    * EXCLUDE (filename)
FROM read_json($fetches, filename = TRUE, format = 'newline_delimited', columns = {
        source: 'VARCHAR',
        run_id: 'VARCHAR',
        url: 'VARCHAR',
        purpose: 'VARCHAR',
        "at": 'TIMESTAMPTZ',
        outcome: 'VARCHAR',
        status: 'INTEGER',
        bytes: 'BIGINT',
        milliseconds: 'BIGINT',
        warc_file: 'VARCHAR',
        warc_record: 'VARCHAR',
        error: 'VARCHAR'
    });

-- A document is one observation: announcement, second of retrieval, content.
CREATE OR REPLACE TEMP TABLE stage_document AS
SELECT
    sha_key(concat_ws(chr(31), key, epoch(retrieved_at)::BIGINT, content_hash)) AS document_key,
    key AS announcement_key,
    parse_path(filename)[-2] AS batch_id,
    d.source,
    native_id,
    url,
    title,
    date_trunc('second', retrieved_at) AS retrieved_at,
    content_hash,
    coalesce(r.started_at, retrieved_at) AS read_at,
    CASE WHEN record IS NULL AND outcome = 'ok' THEN 'unreadable' ELSE outcome END AS outcome,
    reason,
    media_type,
    charset,
    warc_file,
    warc_record,
    d.listed,
    removed,
    attachments,
    record
FROM read_json($documents, filename = TRUE, format = 'newline_delimited', columns = {
        source: 'VARCHAR',
        native_id: 'VARCHAR',
        key: 'VARCHAR',
        url: 'VARCHAR',
        title: 'VARCHAR',
        retrieved_at: 'TIMESTAMPTZ',
        content_hash: 'VARCHAR',
        listed: 'JSON',
        outcome: 'VARCHAR',
        reason: 'VARCHAR',
        media_type: 'VARCHAR',
        charset: 'VARCHAR',
        warc_file: 'VARCHAR',
        warc_record: 'VARCHAR',
        removed: 'JSON',
        attachments: 'JSON',
        record: 'STRUCT(
            "text" VARCHAR,
            kind STRUCT("value" VARCHAR, evidence STRUCT("start" INTEGER, "end" INTEGER, quote VARCHAR, field VARCHAR)),
            relevant STRUCT(
                "value" BOOLEAN,
                evidence STRUCT("start" INTEGER, "end" INTEGER, quote VARCHAR, field VARCHAR)
            ),
            published_on STRUCT(
                "value" VARCHAR,
                evidence STRUCT("start" INTEGER, "end" INTEGER, quote VARCHAR, field VARCHAR)
            ),
            regions STRUCT(
                "name" VARCHAR,
                evidence STRUCT("start" INTEGER, "end" INTEGER, quote VARCHAR, field VARCHAR)
            )[],
            sectors STRUCT(
                "name" VARCHAR,
                evidence STRUCT("start" INTEGER, "end" INTEGER, quote VARCHAR, field VARCHAR)
            )[],
            programmes STRUCT(
                "name" VARCHAR,
                aliases VARCHAR[],
                "type" VARCHAR,
                status VARCHAR,
                "start" VARCHAR,
                "end" VARCHAR,
                parent VARCHAR,
                outcome VARCHAR,
                grounds STRUCT(
                    bearing VARCHAR,
                    evidence STRUCT("start" INTEGER, "end" INTEGER, quote VARCHAR, field VARCHAR)
                )[],
                evidence STRUCT("start" INTEGER, "end" INTEGER, quote VARCHAR, field VARCHAR)
            )[],
            amounts STRUCT(
                krw BIGINT,
                "role" VARCHAR,
                programme VARCHAR,
                "year" VARCHAR,
                part_of BIGINT,
                same_as BIGINT,
                grounds STRUCT(
                    bearing VARCHAR,
                    evidence STRUCT("start" INTEGER, "end" INTEGER, quote VARCHAR, field VARCHAR)
                )[],
                evidence STRUCT("start" INTEGER, "end" INTEGER, quote VARCHAR, field VARCHAR)
            )[],
            application STRUCT(
                opens_at STRUCT(
                    "value" VARCHAR,
                    evidence STRUCT("start" INTEGER, "end" INTEGER, quote VARCHAR, field VARCHAR)
                ),
                closes_at STRUCT(
                    "value" VARCHAR,
                    evidence STRUCT("start" INTEGER, "end" INTEGER, quote VARCHAR, field VARCHAR)
                )
            ),
            quantities STRUCT(
                "value" DOUBLE,
                unit VARCHAR,
                programme VARCHAR,
                what VARCHAR,
                state VARCHAR,
                "year" VARCHAR,
                per VARCHAR,
                grounds STRUCT(
                    bearing VARCHAR,
                    evidence STRUCT("start" INTEGER, "end" INTEGER, quote VARCHAR, field VARCHAR)
                )[],
                evidence STRUCT("start" INTEGER, "end" INTEGER, quote VARCHAR, field VARCHAR)
            )[],
            organisations STRUCT(
                "name" VARCHAR,
                aliases VARCHAR[],
                "role" VARCHAR,
                programmes VARCHAR[],
                grounds STRUCT(
                    bearing VARCHAR,
                    evidence STRUCT("start" INTEGER, "end" INTEGER, quote VARCHAR, field VARCHAR)
                )[],
                evidence STRUCT("start" INTEGER, "end" INTEGER, quote VARCHAR, field VARCHAR)
            )[],
            metrics STRUCT(
                "name" VARCHAR,
                "value" DOUBLE,
                unit VARCHAR,
                programme VARCHAR,
                "subject" VARCHAR,
                "year" VARCHAR,
                side VARCHAR,
                grounds STRUCT(
                    bearing VARCHAR,
                    evidence STRUCT("start" INTEGER, "end" INTEGER, quote VARCHAR, field VARCHAR)
                )[],
                evidence STRUCT("start" INTEGER, "end" INTEGER, quote VARCHAR, field VARCHAR)
            )[],
            eligibility STRUCT(
                max_company_age_years STRUCT(
                    "value" VARCHAR,
                    evidence STRUCT("start" INTEGER, "end" INTEGER, quote VARCHAR, field VARCHAR)
                ),
                company_sizes STRUCT(
                    "name" VARCHAR,
                    evidence STRUCT("start" INTEGER, "end" INTEGER, quote VARCHAR, field VARCHAR)
                )[]
            ),
            also STRUCT("of" VARCHAR, evidence STRUCT("start" INTEGER, "end" INTEGER, quote VARCHAR, field VARCHAR))[],
            contradictions STRUCT(
                "of" VARCHAR,
                field VARCHAR,
                "value" VARCHAR,
                instead VARCHAR,
                evidence STRUCT("start" INTEGER, "end" INTEGER, quote VARCHAR, field VARCHAR)
            )[],
            contact STRUCT(
                phones STRUCT(
                    "name" VARCHAR,
                    evidence STRUCT("start" INTEGER, "end" INTEGER, quote VARCHAR, field VARCHAR)
                )[],
                emails STRUCT(
                    "name" VARCHAR,
                    evidence STRUCT("start" INTEGER, "end" INTEGER, quote VARCHAR, field VARCHAR)
                )[]
            )
        )'
    }) AS d
LEFT JOIN stage_run AS r ON r.batch_id = parse_path(d.filename)[-2];

-- `net` is what batches of version 0.1 call `prefilter`.
CREATE OR REPLACE TEMP TABLE stage_listing AS
SELECT
    parse_path(filename)[-2] AS batch_id,
    * EXCLUDE (filename, net) REPLACE (coalesce(prefilter, net) AS prefilter)
FROM read_json($listings, filename = TRUE, format = 'newline_delimited', columns = {
        key: 'VARCHAR',
        source: 'VARCHAR',
        native_id: 'VARCHAR',
        url: 'VARCHAR',
        title: 'VARCHAR',
        fields: 'JSON',
        prefilter: 'VARCHAR',
        net: 'VARCHAR',
        state: 'VARCHAR',
        "at": 'TIMESTAMPTZ'
    });
