-- Announcements and versions of what the batches brought, from all their documents: the order of arrival cannot matter.
-- Versions that stay as they were keep their rows and their facts.
CREATE OR REPLACE TEMP TABLE observation AS
SELECT
    announcement_key,
    document_key,
    source,
    native_id,
    url,
    title,
    retrieved_at,
    read_at,
    content_hash,
    outcome,
    reason,
    { 'retrieved': retrieved_at, 'read': read_at, 'key': document_key } AS rank
FROM (
    FROM document
    WHERE rowid IN (SELECT place FROM held)
    UNION ALL BY NAME
    SELECT * EXCLUDE (record) FROM stage_document
);

DELETE FROM announcement
WHERE announcement_key IN (FROM known);
INSERT INTO announcement
SELECT
    announcement_key,
    max_by(source, rank),
    max_by(native_id, rank),
    max_by(url, rank),
    max_by(title, rank),
    min(retrieved_at),
    max(retrieved_at),
    max_by(outcome, rank),
    nullif(max_by(coalesce(reason, ''), rank), ''),
    NULL
FROM observation
GROUP BY announcement_key;

-- Of equal content the reading of the latest run counts, for every version that has it.
CREATE OR REPLACE TEMP TABLE version AS
WITH compared AS (
    SELECT
        *,
        arg_max(document_key, (read_at, retrieved_at, document_key))
            OVER (PARTITION BY announcement_key, content_hash)
            AS reading,
        (content_hash IS DISTINCT FROM lag(content_hash) OVER (PARTITION BY announcement_key ORDER BY rank))::INTEGER
            AS is_other_content
    FROM observation
    WHERE outcome = 'ok'
),

grouped AS (
    SELECT
        *,
        sum(is_other_content) OVER (PARTITION BY announcement_key ORDER BY rank) AS number
    FROM compared
)

SELECT
    announcement_key,
    number,
    content_hash,
    min(retrieved_at) AS valid_from,
    any_value(reading) AS document_key,
    sha_key(concat_ws(chr(31), announcement_key, content_hash, epoch(min(retrieved_at))::BIGINT)) AS version_key
FROM grouped
GROUP BY announcement_key, number, content_hash;

CREATE OR REPLACE TEMP TABLE old_version AS
SELECT
    rowid AS place,
    announcement_key,
    version_key,
    document_key,
    valid_to,
    is_current,
    change_kind,
    title,
    closes_on
FROM announcement_version
WHERE announcement_key IN (FROM known);

-- A version whose content was read before: its facts are those of the version that has this reading already.
CREATE OR REPLACE TEMP TABLE twin AS
SELECT
    v.version_key,
    any_value(o.version_key) AS other
FROM (
    FROM version
    ANTI JOIN old_version USING (version_key, document_key)
    ANTI JOIN stage_document USING (document_key)
) AS v
JOIN old_version AS o USING (announcement_key, document_key)
GROUP BY v.version_key;

CREATE OR REPLACE TEMP TABLE fresh AS
SELECT
    v.version_key,
    v.document_key,
    d.title,
    record.kind.value AS kind,
    record.relevant.value AS relevant,
    coalesce(try_cast(record.published_on.value AS DATE), try_cast(listed ->> 'posted_on' AS DATE)) AS posted_on,
    try_cast(left(closes, 10) AS DATE) AS closes_on,
    -- Of a text that contradicts itself the fact keeps what it says.
    CASE WHEN opens <= coalesce(closes_on, opens) THEN opens END AS opens_on,
    CASE WHEN length(closes) >= 16 THEN try_cast(substr(closes, 12, 5) AS TIME) END AS closes_time,
    CASE WHEN closes IN ('until_exhausted', 'always') THEN closes WHEN closes_on IS NOT NULL THEN 'day' END
        AS closes_kind,
    listed ->> 'agency' AS agency,
    record.kind.evidence.quote AS kind_evidence,
    record.relevant.evidence.quote AS relevant_evidence
FROM (
    SELECT
        *,
        record.application.closes_at.value AS closes,
        try_cast(left(record.application.opens_at.value, 10) AS DATE) AS opens
    FROM stage_document
) AS d
JOIN (FROM version ANTI JOIN old_version USING (version_key, document_key)) AS v USING (announcement_key, document_key);

CREATE OR REPLACE TEMP TABLE new_version AS
WITH stated AS (
    SELECT
        version_key,
        document_key,
        title,
        closes_on
    FROM old_version
    UNION ALL
    SELECT
        t.version_key,
        o.document_key,
        o.title,
        o.closes_on
    FROM twin AS t
    JOIN old_version AS o ON o.version_key = t.other
    UNION ALL
    SELECT
        version_key,
        document_key,
        title,
        closes_on
    FROM fresh
)

SELECT
    announcement_key,
    version_key,
    document_key,
    content_hash,
    valid_from,
    lead(valid_from) OVER w AS valid_to,
    lead(valid_from) OVER w IS NULL AS is_current,
    CASE
        WHEN number = 1 THEN 'new'
        WHEN regexp_matches(title, '취소') AND NOT regexp_matches(lag(title) OVER w, '취소') THEN 'cancelled'
        WHEN regexp_matches(title, '재\s*공고') AND NOT regexp_matches(lag(title) OVER w, '재\s*공고') THEN 'reannounced'
        WHEN closes_on > lag(closes_on) OVER w THEN 'extended'
        WHEN closes_on < lag(closes_on) OVER w THEN 'shortened'
        ELSE 'changed'
    END AS change_kind
FROM version JOIN stated USING (version_key, document_key) WINDOW w AS (PARTITION BY announcement_key ORDER BY number);

UPDATE announcement_version SET valid_to = n.valid_to, is_current = n.is_current, change_kind = n.change_kind
FROM old_version AS o JOIN new_version AS n USING (version_key, document_key)
WHERE announcement_version.rowid = o.place
    AND (o.valid_to, o.is_current, o.change_kind) IS DISTINCT FROM (n.valid_to, n.is_current, n.change_kind);

INSERT INTO announcement_version BY NAME
SELECT
    v.* REPLACE (
        n.version_key AS version_key,
        n.document_key AS document_key,
        n.valid_from AS valid_from,
        n.valid_to AS valid_to,
        n.is_current AS is_current,
        n.change_kind AS change_kind
    )
FROM new_version AS n JOIN twin USING (version_key) JOIN announcement_version AS v ON v.version_key = twin.other;
INSERT INTO attachment BY NAME
SELECT a.* REPLACE (twin.version_key AS version_key) FROM attachment AS a JOIN twin ON twin.other = a.version_key;

CREATE OR REPLACE TEMP TABLE stale AS FROM old_version ANTI JOIN version USING (version_key, document_key);
DELETE FROM announcement_version
WHERE rowid IN (SELECT place FROM stale);
DELETE FROM attachment
WHERE version_key IN (SELECT version_key FROM stale);

CREATE OR REPLACE TEMP TABLE added AS
FROM new_version
ANTI JOIN old_version USING (version_key, document_key)
ANTI JOIN twin USING (version_key);

INSERT INTO announcement_version BY NAME
SELECT
    v.*,
    f.* EXCLUDE (version_key, document_key),
    d.record.text AS text
FROM stage_document AS d
JOIN added AS v USING (announcement_key, document_key)
JOIN fresh AS f USING (version_key, document_key);

INSERT INTO attachment
SELECT
    announcement_key,
    version_key,
    a ->> 'name',
    a ->> 'url',
    a ->> 'sha256',
    (a ->> 'bytes')::BIGINT,
    a ->> 'media_type',
    a ->> 'outcome',
    a ->> 'reason',
    a ->> 'role',
    (a ->> 'start')::INTEGER,
    (a ->> 'end')::INTEGER,
    from_json(a -> 'places', '[{"start": "INTEGER", "place": "VARCHAR"}]')
FROM (
    SELECT
        announcement_key,
        version_key,
        unnest(entries(attachments)) AS a
    FROM stage_document JOIN added USING (announcement_key, document_key)
);
