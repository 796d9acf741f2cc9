-- Decided money of a region by year and funding source, in KRW, with the largest amount of each and its words.
SELECT
    year,
    role,
    sum(krw)::BIGINT AS krw,
    count(*) AS amounts,
    arg_max({ programme: programme, krw: krw, title: title, url: url, quote: evidence_quote }, krw) AS largest
FROM decided_amount
WHERE region = $region AND role IN ('total', 'national', 'local', 'private')
    AND (
        $sector::VARCHAR IS NULL
        OR version_key IN (
            SELECT f.version_key FROM fact_sector AS f
            WHERE f.sector = $sector::VARCHAR
        )
    )
GROUP BY year, role
ORDER BY year DESC NULLS LAST, role = 'total' DESC, sum(krw) DESC
LIMIT 12
