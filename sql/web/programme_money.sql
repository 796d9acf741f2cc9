-- What a programme's calls state of money, year by year.
SELECT
    coalesce(left(n.year, 4), '?') AS year,
    n.role AS funding_source,
    n.krw,
    n.title,
    n.announcement_key,
    n.evidence_quote
FROM notice_amount AS n
WHERE n.version_key IN (
        SELECT version_key FROM fact_programme
        WHERE name_norm = (
                SELECT name_norm FROM programme
                WHERE programme_key = $programme_key
            )
    )
ORDER BY year, n.krw DESC LIMIT 100
