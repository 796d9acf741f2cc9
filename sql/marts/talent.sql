-- 양성·교육할 인원과 양성한 인원(문서마다 한 번) | People to be trained and people that were trained, each document's count once; `per` says that it is a count for each year or each award
-- table: split_part(fact_id, ':', 1) of version
SELECT
    q.fact_id,
    one_region(n.sidos) AS region,
    coalesce(left(q."year", 4), strftime(n.posted_on, '%Y')) AS year,
    coalesce(q.programme, p.name) AS programme,
    q.value::BIGINT AS people,
    coalesce(q.state, 'planned') AS state,
    q.per,
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
        arg_min(name, (evidence_start, fact_id)) FILTER (evidence_start IS NOT NULL) AS name,
        bool_or(type = 'training') AS trains
    FROM fact_programme
    GROUP BY version_key
) AS p USING (version_key)
WHERE
    q.unit = 'people'
    AND (
        q.what = 'trained'
        -- A course supports those whom it trains; a record made before counts had a meaning does not say so.
        OR (
            coalesce(q.what, 'supported') = 'supported'
            AND (p.trains OR regexp_matches(n.title, '교육|양성|인력|인재|연수|과정'))
        )
    )
QUALIFY row_number()
        OVER (
            PARTITION BY n.announcement_key, q.value, q.programme, q."year", q.state
            ORDER BY q.evidence_start, q.fact_id
        )
    = 1
