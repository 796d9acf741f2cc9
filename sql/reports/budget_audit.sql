-- 예산 점검 | Budget audit | Do the stated parts add up to the stated total, and do the documents of a programme agree? (the first 500)
SELECT
    programme AS 사업,
    CASE kind WHEN 'parts' THEN '재원의 합' ELSE '다른 문서' END AS 비교,
    round(stated / 1e8, 2) AS 총액_억,
    round(compared / 1e8, 2) AS 견준액_억,
    round(difference / 1e8, 2) AS 차이_억,
    verdict AS 판정,
    told AS 내역,
    title AS 공고,
    url AS 주소
FROM (
    FROM budget_audit
    ORDER BY apart DESC LIMIT 500
)
ORDER BY apart DESC, programme, stated
