-- 점검에서 걸린 것 | Warnings | What the checks found in the published tables, and names that do not go with their acronym
SELECT
    trim(split_part(what, '|', 1)) AS 경고,
    rows_found AS 건수,
    cast(sample[0] AS VARCHAR) AS 예
FROM check_result
UNION ALL
SELECT
    '이름과 약칭이 어긋난 기관 표기(약칭을 따름)',
    count(*)::INTEGER,
    min(written || '(' || acronym || ') → ' || meant)
FROM organisation_alias_conflict
HAVING count(*) > 0
ORDER BY 건수 DESC
