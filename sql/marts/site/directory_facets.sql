-- 거르기용: 시군구, 분야, 사업 유형, 기업 규모, 총사업비 | Places, sectors, types of programme, sizes of applicants and the total of a version, for filters
-- table
SELECT
    version_key,
    list(DISTINCT value ORDER BY value) FILTER (what = 'place') AS places,
    list(DISTINCT value ORDER BY value) FILTER (what = 'sector') AS sectors,
    list(DISTINCT value ORDER BY value) FILTER (what = 'type') AS types,
    list(DISTINCT value ORDER BY value) FILTER (what = 'size') AS sizes,
    max(krw) AS total
FROM (
    SELECT
        version_key,
        'place' AS what,
        name AS value,
        NULL::BIGINT AS krw
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
        'total',
        NULL,
        krw
    FROM fact_amount
    WHERE role = 'total'
)
GROUP BY version_key
