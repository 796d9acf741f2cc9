-- 수집처마다 목록에서 가져온 것·표본·남겨 둔 것과 그 가운데 AI 사업 | Of each source's list, what was fetched, sampled or left, and how much of it concerns AI
-- table
SELECT
    l.source,
    l.prefilter,
    count(*) AS listed,
    count(*) FILTER (s.relevant) AS of_ai
FROM current_listing AS l LEFT JOIN announcement_state AS s USING (announcement_key)
GROUP BY ALL
