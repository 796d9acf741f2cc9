-- 지역·연도·재원별 금액(원) | Money by region, year and funding source, in KRW
-- table
SELECT
    region,
    year,
    role AS funding_source,
    sum(krw)::BIGINT AS krw,
    count(*) AS amounts,
    count(DISTINCT announcement_key) AS calls
FROM notice_amount
WHERE role IN ('total', 'national', 'local', 'private', 'annual')
GROUP BY ALL
