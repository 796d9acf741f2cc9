-- 제안·확정 비교 | Proposals against commitments | What is only asked for, and what has been decided, by region and type
SELECT
    region,
    type,
    count(*) FILTER (stage = 'proposed') AS proposed,
    count(*) FILTER (stage = 'planned') AS planned,
    count(*) FILTER (stage IN ('decided', 'running', 'ended')) AS decided
FROM commitment
GROUP BY ALL
ORDER BY region, type
