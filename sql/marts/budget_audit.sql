-- 총사업비와 재원의 합, 문서마다 다른 총사업비를 견준 결과 | Totals beside the sum of their parts, and programmes whose documents state different totals; nothing is repaired
-- table
WITH stated AS (
    SELECT
        n.announcement_key,
        n.title,
        n.url,
        n.posted_on,
        f.version_key,
        squash(f.programme) AS part_of,
        f.programme,
        f.role,
        f.krw,
        f.fact_id
    FROM fact_amount AS f
    JOIN (
        FROM announcement_state
        WHERE is_primary
    ) AS n USING (version_key)
    WHERE f.role IN ('total', 'national', 'local', 'private')
),

summed AS (
    SELECT
        announcement_key,
        any_value(title) AS title,
        any_value(url) AS url,
        any_value(programme) AS programme,
        max(krw) FILTER (role = 'total') AS total,
        count(*) FILTER (role = 'total') AS totals,
        sum(krw) FILTER (role <> 'total')::BIGINT AS parts,
        count(DISTINCT role) FILTER (role <> 'total') AS funding_sources,
        count(*) FILTER (role <> 'total') AS sums,
        string_agg(role || ' ' || krw, ' + ' ORDER BY role) FILTER (role <> 'total') AS told,
        list(fact_id) AS fact_ids
    FROM stated
    GROUP BY announcement_key, version_key, part_of
),

named AS (
    SELECT
        p.name_norm,
        any_value(p.name) AS name,
        s.krw,
        min(s.title) AS title,
        min(s.url) AS url,
        list(s.fact_id) AS fact_ids
    FROM stated AS s JOIN fact_programme AS p ON p.version_key = s.version_key AND squash(p.name) = s.part_of
    WHERE s.role = 'total'
    GROUP BY p.name_norm, s.krw
)

SELECT
    *,
    abs(difference) AS apart
FROM (
    SELECT
        'parts' AS kind,
        coalesce(programme, title) AS programme,
        total AS stated,
        parts AS compared,
        total - parts AS difference,
        audit_verdict(total, parts) AS verdict,
        told,
        title,
        url,
        fact_ids
    FROM summed
    WHERE totals = 1 AND funding_sources >= 2 AND sums = funding_sources  -- two sums of one source belong to two things
    UNION ALL BY NAME
    SELECT
        'documents' AS kind,
        name AS programme,
        krw AS stated,
        less AS compared,
        krw - less AS difference,
        CASE WHEN krw - less <= krw * 0.01 THEN 'rounding' ELSE 'different totals' END AS verdict,
        less_title AS told,
        title,
        url,
        fact_ids || less_facts AS fact_ids
    FROM (
        SELECT
            *,
            lag(krw) OVER w AS less,
            lag(title) OVER w AS less_title,
            lag(fact_ids) OVER w AS less_facts
        FROM named WINDOW w AS (PARTITION BY name_norm ORDER BY krw)
    )
    WHERE less IS NOT NULL  -- each total beside the next smaller
)
ORDER BY apart DESC  -- the widest first: reports read the beginning
