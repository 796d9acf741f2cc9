-- block: 두 번 실린 사실 | A fact that stands twice
SELECT
    fact_id,
    count(*) AS times
FROM fact_evidence
GROUP BY ALL
HAVING count(*) > 1
