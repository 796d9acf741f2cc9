-- 제안과 확정 | Proposals against commitments | What is only asked for, and what has been decided, by region and type
SELECT
    region AS 지역,
    type AS 유형,
    count(*) FILTER (stage = 'proposed') AS 제안,
    count(*) FILTER (stage = 'planned') AS 계획,
    count(*) FILTER (stage IN ('decided', 'running', 'ended')) AS 확정
FROM commitment
GROUP BY ALL
ORDER BY 지역, 유형
