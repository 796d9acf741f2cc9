-- 접수 중 공고(마감순) | Open calls by closing day | What can be applied for today, the earliest deadline first
SELECT
    closes_on,
    closes_time,
    CASE closes_kind
        WHEN 'day' THEN (closes_on - today_seoul())::VARCHAR || '일'
        WHEN 'always' THEN '상시'
        ELSE '예산 소진 시'
    END AS days_left,
    array_to_string(sidos, ', ') AS regions,
    title,
    agency,
    award_ceiling,
    array_to_string(sources, ', ') AS sources,
    url,
    closes_evidence AS evidence_quote,
    corrected
FROM open_calls
ORDER BY closes_on NULLS LAST, title
