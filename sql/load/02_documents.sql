-- Append what the batch brought. A document is one observation: announcement, second of retrieval, content.
-- The same observation read again (a replay) takes the place of the earlier reading.
INSERT INTO source_run
SELECT $batch, source, run_id, started_at, finished_at, state, pages, listed, "new", changed, fetched, extracted, failed, complete, errors, stored, newest,
    left_out, revisited, unchanged, vanished
FROM stage_run;

INSERT INTO "fetch"
SELECT $batch, source, run_id, url, purpose, "at", outcome, status, bytes, milliseconds, warc_file, warc_record, error FROM stage_fetch;

INSERT INTO listing
SELECT key, $batch, source, native_id, url, title, try_cast(fields->>'posted_on' AS DATE), try_cast(left(fields->>'opens_at', 10) AS DATE),
    try_cast(left(fields->>'closes_at', 10) AS DATE), fields, net, state, "at"
FROM stage_listing;

CREATE OR REPLACE TEMP TABLE new_document AS
SELECT sha_key(concat_ws(chr(31), key, epoch(retrieved_at)::BIGINT, content_hash)) AS document_key, key AS announcement_key,
    $batch AS batch_id, d.source, native_id, url, title, date_trunc('second', retrieved_at) AS retrieved_at, content_hash,
    coalesce((SELECT max(started_at) FROM stage_run), retrieved_at) AS read_at,
    CASE WHEN json_type(record) = 'OBJECT' THEN d.outcome WHEN d.outcome = 'ok' THEN 'unreadable' ELSE d.outcome END AS outcome,
    reason, media_type, charset, warc_file, warc_record, listed, removed, attachments, record->>'text' AS text,
    CASE WHEN json_type(record) = 'OBJECT' THEN json_merge_patch(record, '{"text": null}') END AS record
FROM stage_document AS d
QUALIFY row_number() OVER (PARTITION BY document_key ORDER BY line DESC) = 1;

-- An earlier reading stays when it comes from a later run: batches may arrive in any order.
DELETE FROM new_document AS n USING document AS d
WHERE d.document_key = n.document_key AND (d.read_at, d.batch_id) > (n.read_at, n.batch_id);

DELETE FROM document WHERE document_key IN (SELECT document_key FROM new_document);

INSERT INTO document BY NAME SELECT * FROM new_document;

CREATE OR REPLACE TEMP TABLE touched AS SELECT DISTINCT key AS announcement_key FROM stage_document;
