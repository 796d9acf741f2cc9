-- 본문의 한 문장이나 표의 한 행에 함께 적힌 금액(재원, 또는 세부 사업·연도)의 합계가 총액과 다른 사례 | Sums that a sentence or a row of a table says belong together and that do not add up to their whole; nothing is repaired
-- table: split_part(fact_ids[1], ':', 1) of version
WITH pair AS (  -- A part that stands far from its whole may be one of several that are stated elsewhere.
    SELECT
        p.version_key,
        p.fact_id,
        p.role,
        p.krw,
        p.role IN ('national', 'local', 'private') AS of_source,
        w.fact_id AS whole_id,
        w.krw AS stated,
        w.programme,
        least(p.evidence_end, w.evidence_end) AS gap_from,
        greatest(p.evidence_start, w.evidence_start) AS gap_until
    FROM fact_amount AS p JOIN fact_amount AS w ON w.version_key = p.version_key AND w.krw = p.part_of
    WHERE p.same_as IS NULL
        AND w.same_as IS NULL
        AND p.role IN ('total', 'national', 'local', 'private', 'annual')
        AND gap_until - gap_from <= 100
    QUALIFY row_number() OVER (PARTITION BY p.fact_id ORDER BY gap_until - gap_from, w.fact_id) = 1
),

unequal AS (
    SELECT
        whole_id,
        of_source
    FROM pair
    GROUP BY whole_id, of_source
    HAVING count(*) >= 2 AND sum(krw) <> any_value(stated)
),

together AS (  -- no sentence ends between the two
    SELECT p.*
    FROM pair AS p
    JOIN unequal AS u ON u.whole_id = p.whole_id AND u.of_source = p.of_source
    JOIN announcement_version AS v ON v.version_key = p.version_key
    WHERE NOT regexp_matches(substr(v.text, p.gap_from + 1, greatest(p.gap_until - p.gap_from, 0)), '다\.\s')
),

summed AS (
    SELECT
        whole_id,
        any_value(version_key) AS version_key,
        arg_min(programme, fact_id) AS programme,
        of_source,
        any_value(stated) AS stated,
        sum(krw)::BIGINT AS compared,
        list(krw) AS sums,
        string_agg(role || ' ' || krw, ' + ' ORDER BY role, krw DESC) AS parts,
        list(fact_id ORDER BY fact_id) AS fact_ids
    FROM together
    GROUP BY whole_id, of_source
    HAVING count(*) >= 2  -- one part alone claims no sum
)

SELECT
    CASE WHEN s.of_source THEN 'funding sources' ELSE 'parts' END AS kind,
    coalesce(s.programme, n.title) AS programme,
    s.stated,
    s.compared,
    s.stated - s.compared AS difference,
    audit_verdict(s.stated, s.compared) AS verdict,
    s.parts,
    n.title,
    n.url,
    [s.whole_id] || s.fact_ids AS fact_ids,
    abs(s.stated - s.compared) AS apart
FROM summed AS s
JOIN (
    FROM announcement_state
    WHERE is_primary
) AS n USING (version_key)
WHERE s.stated <> s.compared
    -- Tracks and years are often stated in part; funding sources are stated completely.
    AND (s.of_source OR s.compared > s.stated)
    -- Two sources that pay the same sum are listed once.
    AND NOT list_contains(s.sums, s.stated - s.compared)
ORDER BY apart DESC  -- the widest first: reports read the beginning
