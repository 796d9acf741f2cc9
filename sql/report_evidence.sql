-- 금액마다의 근거 문장(큰 금액부터 2,000건) | The words behind the amounts that the report sums, the largest 2,000
SELECT
    region AS 지역,
    year AS 연도,
    funding_source_name(role) AS 재원,
    krw AS 원,
    title AS 공고,
    url AS 주소,
    evidence_quote AS 근거,
    concat_ws(' ', file, place) AS 첨부
FROM (
    FROM notice_amount
    WHERE role IN ('total', 'national', 'local', 'private', 'annual')
    ORDER BY krw DESC LIMIT 2000
)
LEFT JOIN (
    SELECT
        fact_id,
        file,
        place
    FROM fact_file
) USING (fact_id)
ORDER BY region, year, 재원, krw DESC
