-- Decided money by year and funding source, in KRW.
SELECT
    year AS label,
    role AS series,
    sum(krw)::BIGINT AS value
FROM decided_amount
WHERE role IN ('national', 'local', 'private')
    AND year BETWEEN strftime(today_seoul() - INTERVAL 6 YEAR, '%Y') AND strftime(today_seoul() + INTERVAL 3 YEAR, '%Y')
GROUP BY ALL
ORDER BY year, role
