-- 사업·지역·연도·재원별 금액(중복 제외)과 집계에서 제외한 금액 기재 건수 | Money of a programme by region, year and funding source, counted once, with the number of statements that are kept beside it
-- table: coalesce(programme_key, programme) of sum
SELECT
    any_value(programme_key) AS programme_key,
    arg_max(programme, (set_aside IS NULL, fact_id)) AS programme,
    region,
    year,
    role AS funding_source,
    sum(krw) FILTER (set_aside IS NULL)::BIGINT AS krw,
    list(fact_id ORDER BY fact_id) FILTER (set_aside IS NULL) AS fact_ids,
    count(corrected) FILTER (set_aside IS NULL) AS corrected_amounts,
    min(announcement_key) FILTER (set_aside IS NULL) AS announcement_key,
    count(*) FILTER (set_aside IS NOT NULL) AS statements_beside
FROM programme_money_statement
WHERE role IN ('total', 'national', 'local', 'private', 'annual')
GROUP BY coalesce(programme_key, programme), region, year, role
HAVING krw IS NOT NULL
