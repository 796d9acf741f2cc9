-- A region's money by year and funding source, in KRW.
SELECT
    year AS label,
    funding_source AS series,
    sum(krw)::BIGINT AS value
FROM funding_by_region
WHERE region = $region AND funding_source IN ('national', 'local', 'private', 'total') AND year IS NOT NULL
GROUP BY ALL
ORDER BY year, funding_source
