-- 이어지는 사업과 끝난 사업 | Continuity | Which programmes come back year after year, and which ended after one year? (the first 500)
SELECT
    name AS 사업,
    editions AS 횟수,
    first_year AS 첫해,
    last_year AS 마지막해,
    skipped_years AS 거른해,
    verdict AS 판정,
    last_title AS 최근공고,
    last_url AS 주소
FROM programme_continuity
ORDER BY editions DESC, last_year DESC, name LIMIT 500
