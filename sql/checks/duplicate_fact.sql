-- block: 중복된 사실 | A fact that stands twice
-- of each announcement
SELECT
    fact_id,
    count(*) AS times
FROM fact_evidence
GROUP BY ALL
HAVING count(*) > 1
