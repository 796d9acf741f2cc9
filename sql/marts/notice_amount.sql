-- 금액을 공고·사업마다 한 번만 센 목록(지역·연도 포함) | Amounts counted once a call and programme, with region and year
-- table
WITH first_programme AS (
    SELECT
        version_key,
        arg_min(name_norm, evidence_start) AS programme_norm,
        min(left(starts, 4)) AS starts
    FROM fact_programme
    GROUP BY version_key
),

shared AS (  -- notices of several announcements, with how much each of them says of a role
    SELECT
        c.notice_key,
        f.version_key,
        f.role,
        any_value(c.is_primary) AS is_primary,
        count(*) AS sums
    FROM fact_amount AS f JOIN announcement_state AS c USING (version_key)
    WHERE c.notice_key IN (
            SELECT notice_key FROM announcement_state
            WHERE NOT is_primary
        )
    GROUP BY ALL
),

set_aside AS (
    -- Of each notice and role the sums of one document count: the call's own, else of the article that says most.
    SELECT
        version_key,
        role
    FROM shared
    QUALIFY row_number() OVER (PARTITION BY notice_key, role ORDER BY is_primary DESC, sums DESC, version_key) > 1
),

stated AS (
    SELECT
        f.fact_id,
        f.krw,
        f.role,
        f."year",
        f.evidence_quote,
        coalesce(c.notice_key, c.announcement_key) AS notice
    FROM fact_amount AS f
    JOIN announcement_state AS c USING (version_key)
    ANTI JOIN set_aside AS u ON u.version_key = f.version_key AND u.role = f.role
    -- A whole speaks for its parts of the same role (years, tracks).
    ANTI JOIN fact_amount AS w ON w.version_key = f.version_key AND w.role = f.role AND w.krw = f.part_of
    WHERE f.same_as IS NULL  -- the finer sum speaks for one that states it again
),

merged AS (  -- a call for all parts of a region that merged is for that region
    SELECT
        successor,
        list_sort(list(DISTINCT short)) AS parts
    FROM region
    WHERE coalesce(parent, '') = '' AND successor IS NOT NULL
    GROUP BY successor
    HAVING count(DISTINCT short) > 1
),

placed AS (
    SELECT
        s.fact_id,
        n.announcement_key,
        n.version_key,
        n.title,
        n.url,
        n.posted_on,
        s.krw,
        s.role,
        s.evidence_quote,
        coalesce(g.successor, one_region(n.sidos)) AS region,
        coalesce(left(s."year", 4), p.starts, strftime(n.posted_on, '%Y')) AS year,
        coalesce(p.programme_norm, n.announcement_key) AS counted
    FROM stated AS s
    JOIN (
        FROM announcement_state
        WHERE is_primary
    ) AS n
        ON coalesce(n.notice_key, n.announcement_key) = s.notice
    LEFT JOIN first_programme AS p ON p.version_key = n.version_key LEFT JOIN merged AS g ON g.parts = n.sidos
)

SELECT * EXCLUDE (posted_on, counted) FROM placed
QUALIFY row_number() OVER (PARTITION BY counted, region, year, role, krw ORDER BY posted_on NULLS LAST, fact_id) = 1
