-- 수집처별 목록의 수집·표본·미수집 건수와 그중 AI 사업 | Of each source's list, what was fetched, sampled or left, and how much of it concerns AI
-- table
SELECT
    l.source,
    l.prefilter,
    count(*) AS listed,
    count(*) FILTER (s.relevant) AS of_ai
FROM current_listing AS l LEFT JOIN announcement_state AS s USING (announcement_key)
GROUP BY ALL
