-- 양성·교육할 인원(공고마다 한 번) | People to be trained, each call once
-- table
SELECT
    q.fact_id,
    one_region(n.sidos) AS region,
    strftime(n.posted_on, '%Y') AS year,
    coalesce(q.programme, p.name) AS programme,
    q.value::BIGINT AS people,
    n.title,
    n.url,
    q.evidence_quote
FROM fact_quantity AS q
JOIN (
    FROM announcement_state
    WHERE is_primary
) AS n USING (version_key)
LEFT JOIN (
    SELECT
        version_key,
        arg_min(name, evidence_start) AS name,
        bool_or(type = 'training') AS trains
    FROM fact_programme
    GROUP BY version_key
) AS p USING (version_key)
WHERE
    q.unit = 'people'
    AND coalesce(q.what, 'trained') IN ('trained', 'supported')
    AND (p.trains OR regexp_matches(n.title, '교육|양성|인력|인재|연수|과정'))
QUALIFY row_number() OVER (PARTITION BY n.announcement_key, q.value ORDER BY q.evidence_start) = 1
