-- 지역과 분야마다 공고·접수 중 공고·사업 수와 총사업비 | Calls, calls open today, programmes and totals by region and sector
WITH open AS (
    SELECT
        region,
        s.sector,
        count(DISTINCT o.announcement_key) AS open
    FROM (
        SELECT
            announcement_key,
            version_key,
            unnest(every_region(sidos)) AS region
        FROM open_calls
    ) AS o
    JOIN fact_sector AS s USING (version_key)
    GROUP BY ALL
)

SELECT
    c.region,
    c.sector,
    c.calls,
    coalesce(o.open, 0) AS open,
    c.programmes,
    c.krw
FROM sector_count AS c LEFT JOIN open AS o ON o.region = c.region AND o.sector = c.sector
