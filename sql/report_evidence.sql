-- 금액마다의 근거 문장(큰 금액부터 2,000건) | The words behind the amounts that the report sums, the largest 2,000
SELECT
    region,
    year,
    concat(
        CASE WHEN type = 'investment' THEN '투자·융자 ' WHEN status = 'planned' THEN '계획 ' END, funding_source_name(role)
    ) AS funding_source,
    krw,
    title,
    url,
    evidence_quote,
    corrected,
    concat_ws(' ', file, place) AS file
FROM (
    FROM notice_amount
    ORDER BY krw DESC LIMIT 2000
)
LEFT JOIN (
    SELECT
        fact_id,
        file,
        place
    FROM fact_file
) USING (fact_id)
LEFT JOIN (
    SELECT
        programme_key,
        status,
        type
    FROM programme_status
) USING (programme_key)
ORDER BY region, year, funding_source, krw DESC
