-- block: 두 번 센 금액 | Money that is counted twice: one amount in two rows, or sums of one programme, region, year and funding source out of two documents
SELECT
    fact_id AS what,
    role,
    count(*) AS times
FROM notice_amount
GROUP BY ALL
HAVING count(*) > 1
UNION ALL
SELECT
    concat_ws(' ', any_value(programme), region, year),
    role,
    count(DISTINCT version_key)
FROM notice_amount
GROUP BY coalesce(programme_key, announcement_key), region, year, role
HAVING count(DISTINCT version_key) > 1
