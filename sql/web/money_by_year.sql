-- Money by year and funding source, in KRW.
SELECT
    year AS label,
    funding_source AS series,
    sum(krw)::BIGINT AS value
FROM funding_by_region
WHERE funding_source IN ('national', 'local', 'private')
    AND year BETWEEN strftime(today_seoul() - INTERVAL 6 YEAR, '%Y') AND strftime(today_seoul() + INTERVAL 3 YEAR, '%Y')
GROUP BY ALL
ORDER BY year, funding_source
