-- 공고별 변경 이력(변경 항목, 이전 값과 새 값) | What changed of each announcement and when, with the old and the new value
-- table: announcement_key of announcement
WITH amounts AS (
    SELECT
        version_key,
        string_agg(DISTINCT role || ' ' || krw, ', ' ORDER BY role || ' ' || krw) AS amounts
    FROM fact_amount
    GROUP BY version_key
),

version AS (
    SELECT
        v.announcement_key,
        v.version_key,
        v.valid_from AS changed_at,
        v.change_kind,
        v.title,
        v.closes_on,
        m.amounts,
        v.relevant,
        lag(v.title) OVER w AS title_before,
        lag(v.closes_on) OVER w AS closes_before,
        lag(m.amounts) OVER w AS amounts_before,
        lag(v.version_key) OVER w IS NULL AS first
    FROM announcement_version AS v LEFT JOIN amounts AS m USING (version_key)
    WINDOW w AS (PARTITION BY v.announcement_key ORDER BY v.valid_from)
),

change AS (
    SELECT
        *,
        'new' AS kind,
        NULL::VARCHAR AS old,
        title AS new
    FROM version
    WHERE first
    UNION ALL BY NAME
    SELECT
        *,
        'cancelled' AS kind,
        title_before AS old,
        title AS new
    FROM version
    WHERE NOT first AND change_kind = 'cancelled'
    UNION ALL BY NAME
    SELECT
        *,
        CASE
            WHEN closes_on > closes_before THEN 'extended'
            WHEN closes_on < closes_before THEN 'shortened'
            ELSE 'deadline'
        END AS kind,
        closes_before::VARCHAR AS old,
        closes_on::VARCHAR AS new
    FROM version
    WHERE NOT first AND closes_on IS DISTINCT FROM closes_before
    UNION ALL BY NAME
    SELECT
        *,
        'amount' AS kind,
        amounts_before AS old,
        amounts AS new
    FROM version
    WHERE NOT first AND amounts IS DISTINCT FROM amounts_before
    UNION ALL BY NAME
    SELECT
        *,
        'title' AS kind,
        title_before AS old,
        title AS new
    FROM version
    WHERE NOT first AND change_kind <> 'cancelled' AND title IS DISTINCT FROM title_before
    UNION ALL BY NAME
    SELECT
        *,
        'text' AS kind,
        NULL AS old,
        NULL AS new
    FROM version
    WHERE NOT first AND change_kind <> 'cancelled' AND closes_on IS NOT DISTINCT FROM closes_before
        AND amounts IS NOT DISTINCT FROM amounts_before AND title IS NOT DISTINCT FROM title_before
    UNION ALL BY NAME
    SELECT
        announcement_key,
        version_key,
        vanished_at AS changed_at,
        'vanished' AS kind,
        title,
        relevant,
        url AS old,
        NULL AS new
    FROM announcement_state
    WHERE vanished_at IS NOT NULL
)

SELECT
    c.announcement_key,
    c.version_key,
    c.changed_at,
    c.kind,
    c.title,
    c.old,
    c.new,
    c.relevant,
    a.source,
    a.url
FROM change AS c JOIN announcement AS a USING (announcement_key)
