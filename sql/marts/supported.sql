-- 사업의 지원·구축·교육 계획 건수와 실적 건수 | How many a programme was to support, train or build, and how many it did
-- table: split_part(fact_id, ':', 1) of version
SELECT
    q.fact_id,
    sha_key(p.name_norm) AS programme_key,
    q.programme,
    one_region(n.sidos) AS region,
    left(q."year", 4) AS year,
    q.what,
    q.state,
    q.value,
    q.unit,
    q.per,
    n.kind,
    n.posted_on,
    n.title,
    n.url,
    q.evidence_quote,
    q.corrected
FROM fact_quantity AS q
JOIN (
    FROM announcement_state
    WHERE is_primary
) AS n USING (version_key)
LEFT JOIN (
    SELECT
        version_key,
        name,
        arg_min(name_norm, fact_id) AS name_norm
    FROM fact_programme
    GROUP BY version_key, name
) AS p ON p.version_key = q.version_key AND p.name = q.programme
WHERE q.what IN ('supported', 'trained', 'built', 'jobs')
