-- 지역·재원·연도별 금액 | Money by region, funding source and year | How much each region announces, a call counted once; 억 원
SELECT
    region,
    year,
    funding_source_name(funding_source) AS funding_source,
    round(krw / 1e8, 1) AS krw_100m,
    krw,
    calls
FROM funding_by_region
ORDER BY region, year, funding_source
