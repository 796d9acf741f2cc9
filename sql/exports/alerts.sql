-- Calls that a rule may report: open and coming ones, and those that closed or changed in the last 30 days, with what a rule may ask for.
WITH changed AS (
    SELECT
        announcement_key,
        list({
            'kind': kind,
            'old': old,
            'new': new,
            'on': (changed_at AT TIME ZONE 'Asia/Seoul')::DATE
        } ORDER BY changed_at, kind) AS changes
    FROM change
    WHERE kind <> 'new' AND changed_at > now() - INTERVAL 30 DAY
    GROUP BY announcement_key
),

member AS (  -- a call is known by every announcement of it: what joins them may change with the title or the deadline
    SELECT
        coalesce(s.notice_key, s.announcement_key) AS notice,
        list(s.announcement_key ORDER BY s.announcement_key) AS members,
        list(DISTINCT s.url ORDER BY s.url) FILTER (s.url IS NOT NULL) AS urls,
        (min(s.first_seen_at) AT TIME ZONE 'Asia/Seoul')::DATE AS first_seen_on,
        flatten(list(c.changes) FILTER (c.changes IS NOT NULL)) AS changes
    FROM announcement_state AS s LEFT JOIN changed AS c USING (announcement_key)
    GROUP BY ALL
),

call AS (
    SELECT
        n.*,
        m.* EXCLUDE (notice)
    FROM notice AS n JOIN member AS m ON m.notice = coalesce(n.notice_key, n.announcement_key)
    WHERE n.relevant AND n.kind = 'announcement'
        AND (
            n.status IN ('open', 'upcoming') OR m.changes IS NOT NULL OR n.closes_on >= today_seoul() - 30
        )
),

sector AS (
    SELECT
        version_key,
        list_sort(list(DISTINCT sector)) AS sectors
    FROM fact_sector SEMI JOIN call USING (version_key)
    GROUP BY version_key
),

size AS (
    SELECT
        version_key,
        list_sort(list(DISTINCT value)) AS sizes
    FROM fact_eligibility
    SEMI JOIN call USING (version_key)
    WHERE rule = 'company_size'
    GROUP BY version_key
)

SELECT
    c.announcement_key,
    c.members,
    c.urls,
    c.first_seen_on,
    coalesce(c.changes, []) AS changes,
    c.title,
    c.agency,
    c.sidos,
    c.status,
    c.closes_on,
    c.closes_time,
    c.closes_kind,
    c.closes_on - today_seoul() AS days_left,
    c.award_ceiling,
    c.url,
    s.sectors,
    z.sizes
FROM call AS c
LEFT JOIN sector AS s USING (version_key) LEFT JOIN size AS z USING (version_key)
ORDER BY c.closes_on NULLS LAST, c.title
