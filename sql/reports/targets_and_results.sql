-- 약속과 결과 | Targets and results | Which rates were promised, and which were reported afterwards? (the first 500)
SELECT
    programme AS 사업,
    metric AS 지표,
    value AS 값,
    unit AS 단위,
    CASE side WHEN 'reported' THEN '보고' ELSE '약속' END AS 구분,
    title AS 공고,
    evidence_quote AS 근거,
    url AS 주소
FROM (
    FROM targets_and_results
    ORDER BY posted_on DESC NULLS LAST LIMIT 500
)
ORDER BY posted_on DESC NULLS LAST, programme, metric, side
