-- What has a calendar and a feed of its own, with the 시도 whose calls they hold: a merged one those of its parts too.
SELECT
    r.short AS name,
    list_distinct(list_prepend(r.short, list(p.short) FILTER (p.short IS NOT NULL))) AS sidos
FROM (
    SELECT DISTINCT short FROM region
    WHERE parent IS NULL
) AS r
LEFT JOIN region AS p ON p.parent IS NULL AND p.successor = r.short
GROUP BY r.short
UNION ALL
SELECT
    '전국',
    ['전국']
ORDER BY name
