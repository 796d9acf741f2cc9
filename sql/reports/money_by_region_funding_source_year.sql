-- 지역·재원·연도별 금액 | Money by region, funding source and year | How much each region announces, a call counted once; 억 원
SELECT
    region AS 지역,
    year AS 연도,
    funding_source_name(funding_source) AS 재원,
    round(krw / 1e8, 1) AS 억원,
    krw AS 원,
    calls AS 공고수
FROM funding_by_region
ORDER BY 지역, 연도, 재원
