-- 지역과 분야마다 공고·사업 수와 총사업비 | Calls, programmes and totals by region and sector
-- table
WITH place AS (
    SELECT
        version_key,
        announcement_key,
        unnest(every_region(sidos)) AS region
    FROM announcement_state
    WHERE is_primary AND relevant
),

sector AS (
    SELECT DISTINCT
        version_key,
        sector
    FROM fact_sector
),

money AS (
    SELECT
        announcement_key,
        sum(krw) AS krw
    FROM notice_amount
    WHERE role = 'total'
    GROUP BY announcement_key
),

programme AS (
    SELECT
        p.region,
        s.sector,
        count(DISTINCT f.name_norm) AS programmes
    FROM place AS p JOIN sector AS s USING (version_key) JOIN fact_programme AS f USING (version_key)
    GROUP BY ALL
)

SELECT
    p.region,
    s.sector,
    count(DISTINCT p.announcement_key) AS calls,
    coalesce(any_value(g.programmes), 0) AS programmes,
    coalesce(sum(m.krw), 0)::BIGINT AS krw
FROM place AS p JOIN sector AS s USING (version_key) LEFT JOIN money AS m USING (announcement_key)
LEFT JOIN programme AS g ON g.region = p.region AND g.sector = s.sector
GROUP BY p.region, s.sector
