-- 제안과 확정 | Proposals against commitments | What is only asked for, and what has been decided, by region and type
SELECT coalesce(sido, '미상') AS 지역, type AS 유형, count(*) FILTER (status = 'proposed') AS 제안, count(*) FILTER (status = 'planned') AS 계획,
    count(*) FILTER (status IN ('open', 'selected', 'ongoing', 'ended')) AS 확정
FROM (SELECT unnest(CASE WHEN len(sidos) = 0 THEN ['미상'] ELSE sidos END) AS sido, type, status FROM programme_status) GROUP BY ALL ORDER BY 지역, 유형
