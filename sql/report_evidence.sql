-- 금액마다의 근거 문장 | The words behind every amount that the report sums
SELECT region AS 지역, year AS 연도, role AS 재원, krw AS 원, title AS 공고, url AS 주소, evidence_quote AS 근거
FROM notice_amount WHERE role IN ('total', 'national', 'local', 'private', 'annual') ORDER BY region, year, krw DESC
