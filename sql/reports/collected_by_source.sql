-- 수집처별 수집량 | Collected by source | How many announcements came from where, and how many concern AI programmes
SELECT
    a.source AS 수집처,
    a.announcements AS 공고,
    coalesce(c.of_ai, 0) AS AI사업,
    coalesce(c.open, 0) AS 접수중,
    a.unread AS 못읽음,
    a.seen AS 마지막수집
FROM (
    SELECT
        source,
        count(*) AS announcements,
        count(*) FILTER (outcome <> 'ok') AS unread,
        max(last_seen_at) AS seen
    FROM announcement
    GROUP BY source
) AS a
LEFT JOIN (
    SELECT
        source,
        count(*) FILTER (relevant) AS of_ai,
        count(*) FILTER (relevant AND status = 'open') AS open
    FROM current_announcement
    GROUP BY source
) AS c USING (source)
ORDER BY a.source
