-- A region's decided money by year and funding source, in KRW.
SELECT
    year AS label,
    role AS series,
    sum(krw)::BIGINT AS value
FROM decided_amount
WHERE region = $region AND role IN ('national', 'local', 'private', 'total') AND year IS NOT NULL
GROUP BY ALL
ORDER BY year, role
