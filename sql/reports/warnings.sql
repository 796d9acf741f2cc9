-- 점검 경고 | Warnings | What the checks found in the published tables, with the documents it is about, and names that do not go with their acronym
SELECT
    trim(split_part(what, '|', 1)) AS warning,
    rows_found,
    coalesce(violation ->> 'title', a.title) AS title,
    coalesce(violation ->> 'told', violation::VARCHAR) AS example,
    coalesce(violation ->> 'url', a.url) AS url
FROM (
    SELECT
        what,
        rows_found,
        unnest(entries(sample)) AS violation
    FROM check_result
)
LEFT JOIN announcement AS a ON a.announcement_key = (violation ->> 'announcement_key')
UNION ALL
SELECT
    '이름과 약칭이 일치하지 않는 기관 표기(약칭 기준)',
    count(*)::INTEGER,
    NULL,
    min(written || '(' || acronym || ') → ' || meant),
    NULL
FROM organisation_alias_conflict
HAVING count(*) > 0
ORDER BY rows_found DESC, warning
