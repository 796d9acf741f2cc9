-- Whether the sources of funding that a version states as parts of a total add up to it.
WITH stated AS (
    SELECT
        programme,
        role,
        krw,
        part_of
    FROM fact_amount
    WHERE rowid BETWEEN $fact_amount_first AND $fact_amount_last
        AND concat(version_key) = $version_key
        AND role IN ('total', 'national', 'local', 'private', 'annual')
        AND same_as IS NULL
),

summed AS (
    SELECT
        part_of,
        sum(krw)::BIGINT AS compared,
        list(krw) AS sums
    FROM stated
    WHERE role IN ('national', 'local', 'private') AND part_of IS NOT NULL
    GROUP BY part_of
    HAVING count(*) >= 2
)

SELECT
    any_value(w.programme) AS programme,
    w.krw AS stated,
    p.compared,
    w.krw - p.compared AS difference,
    audit_verdict(w.krw, p.compared) AS verdict
FROM summed AS p JOIN stated AS w ON w.krw = p.part_of
WHERE NOT list_contains(p.sums, w.krw - p.compared)
GROUP BY w.krw, p.compared
ORDER BY abs(w.krw - p.compared) DESC
