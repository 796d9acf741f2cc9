-- warn: 부분의 합이 전체보다 큰 금액 | Parts that are larger than the whole that a text says contains them
SELECT
    title,
    programme,
    stated,
    compared,
    url
FROM budget_audit
WHERE verdict = 'parts exceed total'
ORDER BY apart DESC
