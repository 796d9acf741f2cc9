-- The regions beside each other.
SELECT
    r.short AS region,
    coalesce(o.calls, 0) AS open,
    coalesce(c.calls, 0) AS calls,
    m.total,
    m.national,
    m.local,
    m.private,
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
        sum(krw) FILTER (funding_source = 'total')::BIGINT AS total,
        sum(krw) FILTER (funding_source = 'national')::BIGINT AS national,
        sum(krw) FILTER (funding_source = 'local')::BIGINT AS local,
        sum(krw) FILTER (funding_source = 'private')::BIGINT AS private
    FROM funding_by_region
    GROUP BY region
) AS m ON m.region = r.short
LEFT JOIN stage_progress AS s ON s.region = r.short
WHERE r.stands OR c.calls > 0  -- those of before are named by what was announced then
ORDER BY calls DESC, r.short
