-- 본문이 한데 묶은 금액(재원, 또는 갈래·연도)의 합이 전체와 다른 것 | Sums that a text says belong together and that do not add up to their whole; nothing is repaired
-- table
WITH part AS (
    SELECT
        version_key,
        part_of,
        role IN ('national', 'local', 'private') AS of_source,
        count(*) AS parts,
        sum(krw)::BIGINT AS compared,
        list(krw) AS sums,
        string_agg(role || ' ' || krw, ' + ' ORDER BY role, krw DESC) AS told,
        list(fact_id ORDER BY fact_id) AS fact_ids
    FROM fact_amount
    WHERE part_of IS NOT NULL
        AND same_as IS NULL
        AND role IN ('total', 'national', 'local', 'private', 'annual')
    GROUP BY version_key, part_of, of_source
    HAVING parts >= 2  -- one part alone claims no sum
),

whole AS (
    SELECT
        version_key,
        krw,
        any_value(programme) AS programme,
        any_value(fact_id) AS fact_id
    FROM fact_amount
    WHERE same_as IS NULL
    GROUP BY version_key, krw
)

SELECT
    CASE WHEN p.of_source THEN 'funding sources' ELSE 'parts' END AS kind,
    coalesce(w.programme, n.title) AS programme,
    w.krw AS stated,
    p.compared,
    w.krw - p.compared AS difference,
    audit_verdict(w.krw, p.compared) AS verdict,
    p.told,
    n.title,
    n.url,
    [w.fact_id] || p.fact_ids AS fact_ids,
    abs(w.krw - p.compared) AS apart
FROM part AS p
JOIN whole AS w ON w.version_key = p.version_key AND w.krw = p.part_of
JOIN (
    FROM announcement_state
    WHERE is_primary
) AS n ON n.version_key = p.version_key
WHERE w.krw <> p.compared
    -- Tracks and years are often told in part; sources of funding are told as all there are.
    AND (p.of_source OR p.compared > w.krw)
    -- Two sources that pay the same sum are listed once.
    AND NOT list_contains(p.sums, w.krw - p.compared)
ORDER BY apart DESC  -- the widest first: reports read the beginning
