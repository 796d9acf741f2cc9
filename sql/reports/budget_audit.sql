-- 예산 점검 | Budget audit | Which sums that a text says belong together do not add up to their whole? (the first 500)
SELECT
    programme,
    CASE kind WHEN 'parts' THEN '세부 사업·연도의 합' ELSE '재원의 합' END AS comparison,
    round(stated / 1e8, 2) AS stated_100m,
    round(compared / 1e8, 2) AS compared_100m,
    round(difference / 1e8, 2) AS difference_100m,
    verdict,
    parts AS details,
    title,
    url
FROM (
    FROM budget_audit
    ORDER BY apart DESC LIMIT 500
)
ORDER BY apart DESC, programme, stated
