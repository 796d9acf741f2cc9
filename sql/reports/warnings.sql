-- 점검에서 걸린 것 | Warnings | What the checks found in the published tables, and names that do not go with their acronym
SELECT
    trim(split_part(what, '|', 1)) AS warning,
    rows_found,
    cast(sample[0] AS VARCHAR) AS example
FROM check_result
UNION ALL
SELECT
    '이름과 약칭이 어긋난 기관 표기(약칭을 따름)',
    count(*)::INTEGER,
    min(written || '(' || acronym || ') → ' || meant)
FROM organisation_alias_conflict
HAVING count(*) > 0
ORDER BY rows_found DESC
