-- warn: 같은 유형의 어느 사업보다도 큰 총사업비 | A total above that of any other programme of its type, where there are twenty: of a document of the last day, or five times as large
WITH total AS (
    SELECT
        p.type,
        m.programme,
        m.krw,
        m.title,
        m.url,
        m.announcement_key,
        v.valid_from > now() - INTERVAL 1 DAY AS is_new,
        count(*) OVER of_type AS programmes,
        count(*) FILTER (WHERE v.valid_from <= now() - INTERVAL 1 DAY) OVER of_type AS programmes_before,
        lead(m.krw) OVER (PARTITION BY p.type ORDER BY m.krw DESC) AS next_largest,
        row_number() OVER (PARTITION BY p.type ORDER BY m.krw DESC) AS place
    FROM notice_amount AS m
    JOIN programme_status AS p USING (programme_key)
    JOIN announcement_version AS v ON v.version_key = m.version_key
    WHERE m.role = 'total'
    WINDOW of_type AS (PARTITION BY p.type)
)

SELECT
    announcement_key,
    title,
    url,
    format('{} {:.1f}억, 그다음은 {:.1f}억', programme, krw / 1e8, next_largest / 1e8) AS told
FROM total
WHERE place = 1
    AND programmes >= 20
    AND (krw > 5 * next_largest OR (is_new AND programmes_before >= 20 AND krw > next_largest))
ORDER BY krw DESC
