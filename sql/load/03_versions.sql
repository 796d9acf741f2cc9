-- Rebuild announcements and versions of the touched keys from their documents: the order of arrival cannot matter.
DELETE FROM announcement WHERE announcement_key IN (FROM touched);
INSERT INTO announcement
SELECT announcement_key, max_by(source, rank), max_by(native_id, rank), max_by(url, rank), max_by(title, rank),
    min(retrieved_at), max(retrieved_at), max_by(outcome, rank), max_by(coalesce(reason, ''), rank), NULL
FROM (SELECT *, row_number() OVER (ORDER BY retrieved_at, read_at, document_key) AS rank
      FROM document WHERE announcement_key IN (FROM touched))
GROUP BY announcement_key;
UPDATE announcement SET reason = NULL WHERE reason = '' AND announcement_key IN (FROM touched);

CREATE OR REPLACE TEMP TABLE new_version AS
WITH readable AS (
    SELECT *, lag(content_hash) OVER (PARTITION BY announcement_key ORDER BY retrieved_at, read_at, document_key) AS before
    FROM document WHERE announcement_key IN (FROM touched) AND record IS NOT NULL
), grouped AS (
    SELECT *, sum(CASE WHEN content_hash IS DISTINCT FROM before THEN 1 ELSE 0 END)
        OVER (PARTITION BY announcement_key ORDER BY retrieved_at, read_at, document_key) AS number
    FROM readable
), version AS (  -- of equal content the reading of the latest run counts
    SELECT announcement_key, number, content_hash, min(retrieved_at) AS valid_from,
        arg_max(document_key, (read_at, retrieved_at, document_key)) AS document_key
    FROM grouped GROUP BY ALL
), read AS (
    SELECT v.*, d.title, d.text, d.record, d.listed, plain(record->'kind') AS kind,
        try_cast(plain(record->'relevant') AS BOOLEAN) AS relevant,
        coalesce(try_cast(plain(record->'published_on') AS DATE), try_cast(d.listed->>'posted_on' AS DATE)) AS posted_on,
        plain(record->'application'->'opens_at') AS opens, plain(record->'application'->'closes_at') AS closes
    FROM version AS v JOIN document AS d USING (announcement_key, document_key)
)
SELECT announcement_key, sha_key(concat_ws(chr(31), announcement_key, content_hash, epoch(valid_from)::BIGINT)) AS version_key,
    document_key, content_hash, valid_from, lead(valid_from) OVER w AS valid_to, lead(valid_from) OVER w IS NULL AS is_current,
    try_cast(left(closes, 10) AS DATE) AS closes_on, lag(try_cast(left(closes, 10) AS DATE)) OVER w AS closed_before,
    CASE WHEN number = 1 THEN 'new'
         WHEN regexp_matches(title, '취소') THEN 'cancelled'
         WHEN regexp_matches(title, '재\s*공고') AND NOT regexp_matches(lag(title) OVER w, '재\s*공고') THEN 'reannounced'
         WHEN closes_on > closed_before THEN 'extended' WHEN closes_on < closed_before THEN 'shortened' ELSE 'changed' END AS change_kind,
    title, kind, relevant, posted_on, try_cast(left(opens, 10) AS DATE) AS opens_on,
    CASE WHEN length(closes) >= 16 THEN try_cast(substr(closes, 12, 5) AS TIME) END AS closes_time,
    CASE WHEN closes IN ('until_exhausted', 'always') THEN closes WHEN closes_on IS NOT NULL THEN 'day' END AS closes_kind,
    listed->>'agency' AS agency, text, record
FROM read WINDOW w AS (PARTITION BY announcement_key ORDER BY number);

DELETE FROM announcement_version WHERE announcement_key IN (FROM touched);
INSERT INTO announcement_version BY NAME SELECT * EXCLUDE (closed_before, record) FROM new_version;

DELETE FROM attachment WHERE announcement_key IN (FROM touched);
INSERT INTO attachment
SELECT v.announcement_key, v.version_key, a.file->>'name', a.file->>'url', a.file->>'sha256', (a.file->>'bytes')::BIGINT,
    a.file->>'media_type', a.file->>'outcome', a.file->>'reason'
FROM new_version AS v JOIN document AS d USING (announcement_key, document_key), unnest(entries(d.attachments)) AS a(file);
