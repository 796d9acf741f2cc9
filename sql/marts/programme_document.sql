-- 사업별 관련 문서와 문서에 명시된 유형·상태·결과 | Each programme with the documents that speak of it, and the type, status and outcome that they state; a call on several sites is one document
-- table: announcement_key of announcement
SELECT
    sha_key(f.name_norm) AS programme_key,
    f.name,
    f.type,
    f.status,
    f.outcome,
    f.parent,
    f.starts,
    f.ends,
    n.sidos,
    n.announcement_key,
    n.version_key,
    n.source,
    n.kind,
    n.posted_on,
    n.first_seen_at,
    n.cancelled OR coalesce(f.outcome = 'cancelled', FALSE) AS cancelled,
    n.title,
    n.url,
    f.fact_id,
    f.evidence_quote,
    f.corrected,
    list_filter(f.grounds, LAMBDA g: g.bearing = 'outcome')[1].evidence.quote AS outcome_quote
FROM fact_programme AS f
JOIN (
    FROM announcement_state
    WHERE is_primary
) AS n USING (version_key)
WHERE f.name_norm <> ''
QUALIFY row_number() OVER (PARTITION BY f.name_norm, n.announcement_key ORDER BY f.evidence_start, f.fact_id) = 1
