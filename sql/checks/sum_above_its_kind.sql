-- warn: 같은 유형의 어느 사업보다도 훨씬 큰 총사업비 | A total five times as large as that of any other programme of its type, where there are twenty
WITH total AS (
    SELECT
        p.type,
        m.programme,
        m.krw,
        m.title,
        m.url,
        count(*) OVER of_type AS programmes,
        lead(m.krw) OVER (PARTITION BY p.type ORDER BY m.krw DESC) AS next_largest,
        row_number() OVER (PARTITION BY p.type ORDER BY m.krw DESC) AS place
    FROM notice_amount AS m JOIN programme_status AS p USING (programme_key)
    WHERE m.role = 'total'
    WINDOW of_type AS (PARTITION BY p.type)
)

SELECT
    title,
    programme,
    type,
    krw,
    next_largest,
    url
FROM total
WHERE place = 1 AND programmes >= 20 AND krw > 5 * next_largest
