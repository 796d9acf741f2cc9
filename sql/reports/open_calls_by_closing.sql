-- 접수 중인 공고, 마감 순 | Open calls by closing day | What can be applied for today, the earliest deadline first
SELECT
    closes_on AS 마감일,
    closes_time AS 시각,
    CASE closes_kind
        WHEN 'day' THEN (closes_on - today_seoul())::VARCHAR || '일'
        WHEN 'always' THEN '상시'
        ELSE '예산 소진 시'
    END AS 남은날,
    array_to_string(sidos, ', ') AS 지역,
    title AS 공고,
    agency AS 기관,
    award_ceiling AS 기업당한도_원,
    array_to_string(sources, ', ') AS 수집처,
    url AS 주소,
    closes_evidence AS 근거
FROM open_calls
ORDER BY closes_on NULLS LAST, title
