-- 목록 필터용: 시군구, 분야, 사업 유형, 기업 규모, 업력 한도, 지원금, 총사업비 | Places, sectors, types of programme, sizes and age of applicants, the largest award and the total of a version, for filters
-- table: version_key of version
SELECT
    version_key,
    list(DISTINCT value ORDER BY value) FILTER (what = 'place') AS places,
    list(DISTINCT value ORDER BY value) FILTER (what = 'sector') AS sectors,
    list(DISTINCT value ORDER BY value) FILTER (what = 'type') AS types,
    list(DISTINCT value ORDER BY value) FILTER (what = 'size') AS sizes,
    min(number) FILTER (what = 'age')::INTEGER AS max_company_age,
    max(number) FILTER (what = 'award') AS award_amount,
    max(number) FILTER (what = 'total') AS total
FROM (
    SELECT
        version_key,
        'place' AS what,
        name AS value,
        NULL::BIGINT AS number
    FROM fact_region
    WHERE contains(name, ' ')
    UNION ALL
    SELECT
        version_key,
        'sector',
        sector,
        NULL
    FROM fact_sector
    UNION ALL
    SELECT
        version_key,
        'type',
        type,
        NULL
    FROM fact_programme
    WHERE type IS NOT NULL
    UNION ALL
    SELECT
        version_key,
        'size',
        value,
        NULL
    FROM fact_eligibility
    WHERE rule = 'company_size'
    UNION ALL
    SELECT
        version_key,
        'age',
        NULL,
        try_cast(value AS BIGINT)
    FROM fact_eligibility
    WHERE rule = 'max_company_age_years'
    UNION ALL
    SELECT
        version_key,
        CASE WHEN role = 'total' THEN 'total' ELSE 'award' END,
        NULL,
        krw
    FROM fact_amount
    WHERE role IN ('total', 'award_amount')
)
GROUP BY version_key
