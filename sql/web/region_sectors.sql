-- A region's sectors, with decided totals in KRW.
SELECT
    m.sector,
    m.calls,
    m.open,
    m.programmes,
    d.krw
FROM sector_matrix AS m
LEFT JOIN (
    SELECT
        s.sector,
        sum(a.krw)::BIGINT AS krw
    FROM decided_amount AS a JOIN (
        SELECT DISTINCT
            version_key,
            sector
        FROM fact_sector
    ) AS s USING (version_key)
    WHERE a.region = $region AND a.role = 'total'
    GROUP BY s.sector
) AS d ON d.sector = m.sector
WHERE m.region = $region
ORDER BY m.calls DESC, m.sector
