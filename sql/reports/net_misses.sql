-- 목록 거름망 | The net at the list | How many rows were fetched, sampled or left, and how many AI programmes the sample says are missed among those left
SELECT CASE WHEN grouping(l.source) = 1 THEN '모두' ELSE l.source END AS 수집처, count(*) AS 목록, count(*) FILTER (l.net = 'likely') AS 가져옴, count(*) FILTER (l.net = 'sample') AS 표본,
    count(*) FILTER (l.net = 'left') AS 남겨둠, count(*) FILTER (l.net = 'sample' AND c.relevant) AS 표본속AI사업,
    round(count(*) FILTER (l.net = 'left') * count(*) FILTER (l.net = 'sample' AND c.relevant)
        / nullif(count(*) FILTER (l.net = 'sample'), 0), 1) AS 놓친것추정
FROM current_listing AS l LEFT JOIN current_announcement AS c USING (announcement_key) GROUP BY ROLLUP (l.source)
ORDER BY grouping(l.source), l.source
