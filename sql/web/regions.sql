-- The regions beside each other, with decided money; plans apart.
SELECT
    r.short AS region,
    coalesce(o.calls, 0) AS open,
    coalesce(c.calls, 0) AS calls,
    m.total,
    m.national,
    m.local,
    m.private,
    p.planned,
    s.demonstrations,
    s.adoptions
FROM (
    SELECT
        short,
        bool_or(valid_to IS NULL OR valid_to >= today_seoul()) AS stands
    FROM region
    WHERE coalesce(parent, '') = ''
    GROUP BY short
    UNION ALL
    SELECT
        '전국',
        TRUE
) AS r
LEFT JOIN (
    SELECT
        region,
        count(*) AS calls
    FROM (
        SELECT unnest(sidos) AS region FROM open_calls
        WHERE kind = 'announcement'
    )
    GROUP BY region
) AS o ON o.region = r.short
LEFT JOIN (
    SELECT
        region,
        count(*) AS calls
    FROM (SELECT unnest(sidos) AS region FROM site.directory)
    GROUP BY region
) AS c ON c.region = r.short
LEFT JOIN (
    SELECT
        region,
        sum(krw) FILTER (role = 'total')::BIGINT AS total,
        sum(krw) FILTER (role = 'national')::BIGINT AS national,
        sum(krw) FILTER (role = 'local')::BIGINT AS local,
        sum(krw) FILTER (role = 'private')::BIGINT AS private
    FROM decided_amount
    GROUP BY region
) AS m ON m.region = r.short
LEFT JOIN (
    SELECT
        a.region,
        sum(a.krw)::BIGINT AS planned
    FROM notice_amount AS a JOIN programme_status AS s USING (programme_key)
    WHERE a.role = 'total' AND s.status = 'planned' AND s.type IS DISTINCT FROM 'investment'
    GROUP BY a.region
) AS p ON p.region = r.short
LEFT JOIN stage_progress AS s ON s.region = r.short
WHERE r.stands OR c.calls > 0  -- those of before are named by what was announced then
ORDER BY calls DESC, r.short
