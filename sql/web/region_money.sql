-- A region's money by year and purse, in KRW.
SELECT
    year AS label,
    purse AS series,
    sum(krw)::BIGINT AS value
FROM funding_by_region
WHERE region = $region AND purse IN ('national', 'local', 'private', 'total') AND year IS NOT NULL
GROUP BY ALL
ORDER BY year, purse
