-- Append what the batches brought.
INSERT INTO source_run
SELECT
    batch_id,
    source,
    run_id,
    started_at,
    finished_at,
    state,
    pages,
    listed,
    "new",
    changed,
    fetched,
    extracted,
    failed,
    complete,
    errors,
    stored,
    newest,
    left_out,
    revisited,
    unchanged,
    vanished
FROM stage_run;

INSERT INTO "fetch"
SELECT
    batch_id,
    source,
    run_id,
    url,
    purpose,
    "at",
    outcome,
    status,
    bytes,
    milliseconds,
    warc_file,
    warc_record,
    error
FROM stage_fetch;

INSERT INTO listing
SELECT
    key,
    batch_id,
    source,
    native_id,
    url,
    title,
    try_cast(fields ->> 'posted_on' AS DATE),
    try_cast(left(fields ->> 'opens_at', 10) AS DATE),
    try_cast(left(fields ->> 'closes_at', 10) AS DATE),
    fields,
    prefilter,
    state,
    "at"
FROM stage_listing;

-- What makes a batch known: its row here, in the same transaction.
INSERT INTO load_log
SELECT
    batch_id,
    now(),
    (
        SELECT count(*) FROM stage_document AS d
        WHERE d.batch_id = r.batch_id
    ),
    (
        SELECT count(*) FROM stage_fetch AS f
        WHERE f.batch_id = r.batch_id
    )
FROM stage_run AS r;

-- The same observation read again (a replay) takes the place of the earlier reading.
DELETE FROM stage_document
WHERE rowid IN (
        SELECT place
        FROM (
            SELECT
                rowid AS place,
                row_number() OVER (PARTITION BY document_key ORDER BY read_at DESC, batch_id DESC, rowid DESC) AS age
            FROM stage_document
        )
        WHERE age > 1
    );

-- What the tables know of these announcements already; nothing, for most: the steps that follow then cost nothing.
CREATE OR REPLACE TEMP TABLE known AS
SELECT announcement_key FROM announcement
WHERE announcement_key IN (SELECT announcement_key FROM stage_document);

CREATE OR REPLACE TEMP TABLE held AS
SELECT
    rowid AS place,
    document_key,
    read_at,
    batch_id
FROM document
WHERE announcement_key IN (FROM known);

-- An earlier reading stays when it comes from a later run: batches may arrive in any order.
DELETE FROM stage_document AS n USING held AS h
WHERE h.document_key = n.document_key AND (h.read_at, h.batch_id) > (n.read_at, n.batch_id);

DELETE FROM document
WHERE rowid IN (SELECT place FROM held JOIN stage_document USING (document_key));

INSERT INTO document BY NAME SELECT * EXCLUDE (record) FROM stage_document;

-- The changes that the marts have to follow.
INSERT INTO site.changed
SELECT
    'announcement',
    announcement_key
FROM stage_document
UNION
SELECT
    'announcement',
    key
FROM stage_listing;
