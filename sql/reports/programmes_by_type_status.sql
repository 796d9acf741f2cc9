-- 유형·상태별 사업 수 | Programmes by type and status | What is asked for, planned, open, running or ended
SELECT type AS 유형, status AS 상태, count(*) AS 사업수 FROM programme_status GROUP BY ALL ORDER BY 유형, 상태
