-- Open and coming calls with what a rule may ask for: places, sectors, sizes of company, words, days before the deadline.
WITH call AS (
    FROM notice
    WHERE relevant AND kind = 'announcement' AND status IN ('open', 'upcoming')
),

member AS (  -- a call is known by every announcement of it: what joins them may change with the title or the deadline
    SELECT
        coalesce(notice_key, announcement_key) AS notice,
        list(announcement_key) AS members
    FROM announcement_state
    WHERE coalesce(notice_key, announcement_key) IN (SELECT coalesce(notice_key, announcement_key) FROM call)
    GROUP BY ALL
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
    m.members,
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
    z.sizes,
    search_form(c.title || ' ' || coalesce(v.text, '')) AS searched
FROM call AS c
JOIN announcement_version AS v USING (version_key)
JOIN member AS m ON m.notice = coalesce(c.notice_key, c.announcement_key)
LEFT JOIN sector AS s USING (version_key) LEFT JOIN size AS z USING (version_key)
ORDER BY c.closes_on NULLS LAST, c.title
