-- Announcements and versions of what the batches brought, from all their documents: the order of arrival cannot matter.
-- Versions that stay as they were keep their rows and their facts.
CREATE OR REPLACE TEMP TABLE seen AS
SELECT announcement_key, document_key, source, native_id, url, title, retrieved_at, read_at, content_hash, outcome, reason,
    record IS NOT NULL AS readable, {'retrieved': retrieved_at, 'read': read_at, 'key': document_key} AS rank
FROM (FROM document WHERE announcement_key IN (FROM known)
      UNION ALL BY NAME SELECT * EXCLUDE (text) FROM stage_document WHERE announcement_key NOT IN (FROM known));

DELETE FROM announcement WHERE announcement_key IN (FROM known);
INSERT INTO announcement
SELECT announcement_key, max_by(source, rank), max_by(native_id, rank), max_by(url, rank), max_by(title, rank),
    min(retrieved_at), max(retrieved_at), max_by(outcome, rank), nullif(max_by(coalesce(reason, ''), rank), ''), NULL
FROM seen GROUP BY announcement_key;

CREATE OR REPLACE TEMP TABLE version AS
WITH grouped AS (
    SELECT *, sum(turned) OVER (PARTITION BY announcement_key ORDER BY rank) AS number
    FROM (SELECT *, (content_hash IS DISTINCT FROM lag(content_hash) OVER (PARTITION BY announcement_key ORDER BY rank))::INTEGER AS turned
          FROM seen WHERE readable)
)  -- of equal content the reading of the latest run counts
SELECT announcement_key, number, content_hash, min(retrieved_at) AS valid_from, arg_max(document_key, (read_at, retrieved_at, document_key)) AS document_key,
    sha_key(concat_ws(chr(31), announcement_key, content_hash, epoch(min(retrieved_at))::BIGINT)) AS version_key
FROM grouped GROUP BY announcement_key, number, content_hash;

CREATE OR REPLACE TEMP TABLE old_version AS
SELECT rowid AS place, * EXCLUDE (text) FROM announcement_version WHERE announcement_key IN (FROM known);

-- A document that was read earlier and only now makes a version of its own; the text of equal content is known.
CREATE OR REPLACE TEMP TABLE apart AS
SELECT announcement_key, document_key, content_hash
FROM version ANTI JOIN old_version USING (version_key, document_key) ANTI JOIN stage_document USING (document_key);
INSERT INTO stage_document BY NAME
SELECT d.*, (SELECT any_value(v.text) FROM announcement_version AS v JOIN apart AS p USING (announcement_key, content_hash)
             WHERE v.announcement_key = d.announcement_key AND v.content_hash = d.content_hash) AS text
FROM document AS d WHERE document_key IN (SELECT document_key FROM apart);

CREATE OR REPLACE TEMP TABLE told AS
SELECT announcement_key, version_key, document_key, title, kind, relevant, posted_on, opens_on, closes_on, closes_time, closes_kind, agency
FROM old_version
UNION ALL BY NAME
SELECT v.announcement_key, v.version_key, v.document_key, d.title, record.kind.value AS kind, record.relevant.value AS relevant,
    coalesce(try_cast(record.published_on.value AS DATE), try_cast(listed->>'posted_on' AS DATE)) AS posted_on,
    try_cast(left(record.application.opens_at.value, 10) AS DATE) AS opens_on, try_cast(left(closes, 10) AS DATE) AS closes_on,
    CASE WHEN length(closes) >= 16 THEN try_cast(substr(closes, 12, 5) AS TIME) END AS closes_time,
    CASE WHEN closes IN ('until_exhausted', 'always') THEN closes WHEN closes_on IS NOT NULL THEN 'day' END AS closes_kind,
    listed->>'agency' AS agency
FROM (SELECT *, record.application.closes_at.value AS closes FROM stage_document) AS d
JOIN (FROM version ANTI JOIN old_version USING (version_key, document_key)) AS v USING (announcement_key, document_key);

CREATE OR REPLACE TEMP TABLE new_version AS
SELECT announcement_key, version_key, document_key, content_hash, valid_from, lead(valid_from) OVER w AS valid_to,
    lead(valid_from) OVER w IS NULL AS is_current,
    CASE WHEN number = 1 THEN 'new'
         WHEN regexp_matches(title, '취소') THEN 'cancelled'
         WHEN regexp_matches(title, '재\s*공고') AND NOT regexp_matches(lag(title) OVER w, '재\s*공고') THEN 'reannounced'
         WHEN closes_on > lag(closes_on) OVER w THEN 'extended' WHEN closes_on < lag(closes_on) OVER w THEN 'shortened'
         ELSE 'changed' END AS change_kind,
    title, kind, relevant, posted_on, opens_on, closes_on, closes_time, closes_kind, agency
FROM version JOIN told USING (announcement_key, version_key, document_key) WINDOW w AS (PARTITION BY announcement_key ORDER BY number);

UPDATE announcement_version SET valid_to = n.valid_to, is_current = n.is_current, change_kind = n.change_kind
FROM (SELECT o.place, v.* FROM old_version AS o JOIN new_version AS v USING (version_key, document_key)
      WHERE (o.valid_to, o.is_current, o.change_kind) IS DISTINCT FROM (v.valid_to, v.is_current, v.change_kind)) AS n
WHERE announcement_version.rowid = n.place;

CREATE OR REPLACE TEMP TABLE stale AS FROM old_version ANTI JOIN version USING (version_key, document_key);
DELETE FROM announcement_version WHERE rowid IN (SELECT place FROM stale);
DELETE FROM attachment WHERE version_key IN (SELECT version_key FROM stale);

CREATE OR REPLACE TEMP TABLE added AS FROM new_version ANTI JOIN old_version USING (version_key, document_key);

INSERT INTO announcement_version BY NAME
SELECT v.*, d.text FROM stage_document AS d JOIN added AS v USING (announcement_key, document_key);

INSERT INTO attachment
SELECT announcement_key, version_key, a->>'name', a->>'url', a->>'sha256', (a->>'bytes')::BIGINT, a->>'media_type', a->>'outcome', a->>'reason'
FROM (SELECT announcement_key, version_key, unnest(entries(attachments)) AS a FROM stage_document JOIN added USING (announcement_key, document_key));
