-- Decided money of a region by year and funding source, in KRW, with the largest amount of each and its words.
SELECT
    a.year,
    a.role,
    sum(a.krw)::BIGINT AS krw,
    count(*) AS amounts,
    arg_max({ programme: a.programme, krw: a.krw, title: a.title, url: a.url, quote: a.evidence_quote }, a.krw)
        AS largest
FROM notice_amount AS a LEFT JOIN programme_status AS s USING (programme_key)
WHERE a.region = $region AND a.role IN ('total', 'national', 'local', 'private')
    AND s.status IS DISTINCT FROM 'planned' AND s.type IS DISTINCT FROM 'investment'
    AND (
        $sector::VARCHAR IS NULL
        OR a.version_key IN (
            SELECT f.version_key FROM fact_sector AS f
            WHERE f.sector = $sector::VARCHAR
        )
    )
GROUP BY a.year, a.role
ORDER BY a.year DESC NULLS LAST, a.role = 'total' DESC, krw DESC
LIMIT 12
