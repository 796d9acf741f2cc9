-- Whether the sources of funding that a version states beside a total, as parts of it, add up to it.
WITH stated AS (
    SELECT
        programme,
        role,
        krw,
        part_of,
        evidence_start,
        evidence_end
    FROM fact_amount
    WHERE rowid BETWEEN $fact_amount_first AND $fact_amount_last
        AND concat(version_key) = $version_key
        AND role IN ('total', 'national', 'local', 'private', 'annual')
        AND same_as IS NULL
),

summed AS (
    SELECT
        w.krw AS stated,
        any_value(w.programme) AS programme,
        sum(p.krw)::BIGINT AS compared,
        list(p.krw) AS sums
    FROM stated AS p JOIN stated AS w ON w.krw = p.part_of
    WHERE p.role IN ('national', 'local', 'private')
        AND w.role IN ('total', 'annual')
        AND greatest(p.evidence_start, w.evidence_start) - least(p.evidence_end, w.evidence_end) <= 100
    GROUP BY w.krw, w.evidence_start
    HAVING count(*) >= 2
)

SELECT
    programme,
    stated,
    compared,
    stated - compared AS difference,
    audit_verdict(stated, compared) AS verdict
FROM summed
WHERE NOT list_contains(sums, stated - compared)
ORDER BY abs(stated - compared) DESC
