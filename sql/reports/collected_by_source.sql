-- 수집처별 수집량 | Collected by source | How many announcements came from where, and how many concern AI programmes
SELECT
    a.source,
    a.announcements,
    coalesce(c.of_ai, 0) AS of_ai,
    coalesce(c.open, 0) AS open,
    a.unread,
    a.last_seen_at
FROM (
    SELECT
        source,
        count(*) AS announcements,
        count(*) FILTER (outcome <> 'ok') AS unread,
        max(last_seen_at) AS last_seen_at
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
