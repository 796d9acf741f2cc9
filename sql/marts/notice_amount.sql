-- 집계 대상 금액(사업·지역·연도·재원별 한 번) | The amounts that count: those of one document for each programme, region, year and funding source
SELECT * EXCLUDE (set_aside)
FROM programme_money_statement
WHERE set_aside IS NULL
