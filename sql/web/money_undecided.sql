-- Total costs apart from decided money, in KRW: what is only asked for, what is planned, funds and loans.
WITH asked AS (  -- each programme once, whoever asks for it
    SELECT max(krw) AS krw
    FROM programme_money_statement
    WHERE set_aside = 'asked for' AND role = 'total'
    GROUP BY coalesce(programme_key, announcement_key)
),

stated AS (
    SELECT
        CASE WHEN s.type = 'investment' THEN 'investment' ELSE s.status END AS kind,
        a.programme_key,
        a.krw
    FROM notice_amount AS a JOIN programme_status AS s USING (programme_key)
    WHERE a.role = 'total' AND (s.type = 'investment' OR s.status = 'planned')
)

SELECT
    'proposed' AS kind,
    count(*) AS programmes,
    sum(krw)::BIGINT AS krw
FROM asked
HAVING count(*) > 0
UNION ALL
SELECT
    kind,
    count(DISTINCT programme_key),
    sum(krw)::BIGINT
FROM stated
GROUP BY kind
ORDER BY krw DESC
