-- 참여 기관 | Who takes part | Which bodies act in how many calls, as what, and where?
SELECT coalesce(organisation, written) AS 기관, count(DISTINCT announcement_key) AS 공고, count(*) FILTER (role = 'host') AS 주관, count(*) FILTER (role = 'operator') AS 전담,
    count(*) FILTER (role = 'participant') AS 참여, string_agg(DISTINCT sido, ', ' ORDER BY sido) AS 지역
FROM participation, LATERAL (SELECT unnest(CASE WHEN len(sidos) = 0 THEN ['미상'] ELSE sidos END) AS sido) GROUP BY 기관 ORDER BY 공고 DESC, 기관 LIMIT 100
