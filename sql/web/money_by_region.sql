-- Stated totals by region, all years, in KRW.
SELECT
    region AS name,
    sum(krw)::BIGINT AS value
FROM funding_by_region
WHERE funding_source = 'total'
GROUP BY region
