-- Decided money by year and funding source, in KRW: without plans, and without funds and loans.
SELECT
    a.year AS label,
    a.role AS series,
    sum(a.krw)::BIGINT AS value
FROM notice_amount AS a LEFT JOIN programme_status AS s USING (programme_key)
WHERE a.role IN ('national', 'local', 'private')
    AND s.status IS DISTINCT FROM 'planned' AND s.type IS DISTINCT FROM 'investment'
    AND a.year
    BETWEEN strftime(today_seoul() - INTERVAL 6 YEAR, '%Y') AND strftime(today_seoul() + INTERVAL 3 YEAR, '%Y')
GROUP BY ALL
ORDER BY a.year, a.role
