-- warn: 부분의 합이 전체보다 큰 금액 | Parts that are larger than the whole that a text says contains them
SELECT
    title,
    url,
    format('{} 전체 {:.1f}억, 부분 합 {:.1f}억', programme, stated / 1e8, compared / 1e8) AS told
FROM budget_audit
WHERE verdict = 'parts exceed total'
ORDER BY apart DESC
