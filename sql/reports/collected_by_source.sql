-- 수집처별 수집량 | Collected by source | How many announcements came from where, and how many concern AI programmes
SELECT a.source AS 수집처, count(*) AS 공고, count(*) FILTER (c.relevant) AS AI사업, count(*) FILTER (c.status = 'open' AND c.relevant) AS 접수중,
    count(*) FILTER (a.outcome <> 'ok') AS 못읽음, max(a.last_seen_at) AS 마지막수집
FROM announcement AS a LEFT JOIN current_announcement AS c USING (announcement_key) GROUP BY a.source ORDER BY a.source
