-- 지역·연도·재원별 금액(원). 제안·취소된 금액과 특정 사업에 속하지 않는 금액은 제외 | Money by region, year and funding source, in KRW; without what is only asked for, cancelled, or tied to no programme
-- table
SELECT
    region,
    year,
    role AS funding_source,
    sum(krw)::BIGINT AS krw,
    count(*) AS amounts,
    count(corrected) AS corrected_amounts,
    count(DISTINCT announcement_key) AS calls
FROM notice_amount
GROUP BY ALL
