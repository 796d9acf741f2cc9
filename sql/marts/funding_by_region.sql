-- 지역·연도·재원별 금액(원). 제안 단계 사업의 금액은 빠짐 | Money by region, year and funding source, in KRW; without what is only asked for
-- table
SELECT
    region,
    year,
    role AS funding_source,
    sum(krw)::BIGINT AS krw,
    count(*) AS amounts,
    count(DISTINCT announcement_key) AS calls
FROM notice_amount
ANTI JOIN (
    SELECT f.fact_id
    FROM fact_amount AS f
    JOIN fact_programme AS p ON p.version_key = f.version_key AND squash(p.name) = squash(f.programme)
    WHERE p.status = 'proposed'
) AS asked_for USING (fact_id)
WHERE role IN ('total', 'national', 'local', 'private', 'annual')
GROUP BY ALL
