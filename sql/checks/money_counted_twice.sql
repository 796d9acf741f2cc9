-- block: 두 번 센 금액 | Money that is counted twice: one amount in two rows, or sums of one notice and funding source out of two documents
SELECT
    n.fact_id AS what,
    n.role,
    count(*) AS times
FROM notice_amount AS n
GROUP BY ALL
HAVING count(*) > 1
UNION ALL
SELECT
    n.announcement_key,
    n.role,
    count(DISTINCT f.version_key)
FROM notice_amount AS n
JOIN fact_amount AS f USING (fact_id)
GROUP BY ALL
HAVING count(DISTINCT f.version_key) > 1
