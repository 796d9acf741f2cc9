-- Whether the stated totals of a version and their parts add up, by what they are part of.
WITH stated AS (
    SELECT
        programme,
        squash(programme) AS part_of,
        role,
        krw
    FROM fact_amount
    WHERE rowid BETWEEN $fact_amount_first AND $fact_amount_last
        AND concat(version_key) = $version_key
        AND role IN ('total', 'national', 'local', 'private')
),

summed AS (
    SELECT
        any_value(programme) AS programme,
        max(krw) FILTER (role = 'total') AS stated,
        count(*) FILTER (role = 'total') AS totals,
        sum(krw) FILTER (role <> 'total')::BIGINT AS compared,
        count(DISTINCT role) FILTER (role <> 'total') AS funding_sources,
        count(*) FILTER (role <> 'total') AS sums
    FROM stated
    GROUP BY part_of
)

SELECT
    programme,
    stated,
    compared,
    stated - compared AS difference,
    audit_verdict(stated, compared) AS verdict
FROM summed
WHERE totals = 1 AND funding_sources >= 2 AND sums = funding_sources
ORDER BY abs(stated - compared) DESC
