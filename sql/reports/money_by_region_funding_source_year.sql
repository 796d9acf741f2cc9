-- 지역·재원·연도별 금액 | Money by region, funding source and year | How much each region decided, a call counted once, and apart from it (계획, 투자·융자) what is planned, and funds and loans; 억 원
SELECT
    a.region,
    a.year,
    concat(
        CASE WHEN s.type = 'investment' THEN '투자·융자 ' WHEN s.status = 'planned' THEN '계획 ' END,
        funding_source_name(a.role)
    ) AS funding_source,
    round(sum(a.krw) / 1e8, 1) AS krw_100m,
    sum(a.krw)::BIGINT AS krw,
    count(DISTINCT a.announcement_key) AS calls
FROM notice_amount AS a LEFT JOIN programme_status AS s USING (programme_key)
GROUP BY ALL
ORDER BY a.region, a.year, funding_source
