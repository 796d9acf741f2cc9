-- 목표 대비 실적 | Targets and results | Which rates were promised, and which were reported afterwards? (the first 500)
SELECT
    programme,
    metric,
    value,
    unit,
    CASE side WHEN 'reported' THEN '보고' ELSE '약속' END AS side_name,
    CASE verdict WHEN 'met' THEN '달성' WHEN 'missed' THEN '미달' WHEN 'open' THEN '결과 없음' END AS verdict,
    title,
    evidence_quote,
    corrected,
    url
FROM (
    FROM targets_and_results
    ORDER BY posted_on DESC NULLS LAST LIMIT 500
)
ORDER BY posted_on DESC NULLS LAST, programme, metric, side
