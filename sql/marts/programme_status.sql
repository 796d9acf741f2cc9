-- 사업마다 가장 최근에 알려진 유형과 상태 | Each programme with its latest known type and status, and the words that say so
-- table
SELECT
    sha_key(f.name_norm) AS programme_key,
    f.name,
    f.type,
    f.status,
    f.outcome,
    c.cancelled OR coalesce(f.outcome = 'cancelled', FALSE) AS cancelled,
    f.starts,
    f.ends,
    c.sidos,
    c.kind,
    c.posted_on,
    c.title,
    c.url,
    c.version_key,
    f.evidence_quote
FROM fact_programme AS f JOIN announcement_state AS c USING (version_key)
QUALIFY row_number()
        OVER (PARTITION BY f.name_norm ORDER BY c.posted_on DESC NULLS LAST, c.first_seen_at DESC, f.fact_id)
    = 1
