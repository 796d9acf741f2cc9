-- 공고 판별 사실 표의 행 위치 | Where the rows of a version stand in each fact table: `rowid BETWEEN first_row AND last_row` reads them without searching the table; what is loaded in two steps has two rows
-- table
SELECT
    version_key,
    'fact_region' AS fact_table,
    min(rowid) AS first_row,
    max(rowid) AS last_row
FROM fact_region
GROUP BY version_key
UNION ALL
SELECT
    version_key,
    'fact_sector',
    min(rowid),
    max(rowid)
FROM fact_sector
GROUP BY version_key
UNION ALL
SELECT
    version_key,
    'fact_programme',
    min(rowid),
    max(rowid)
FROM fact_programme
GROUP BY version_key
UNION ALL
SELECT
    version_key,
    'fact_amount',
    min(rowid),
    max(rowid)
FROM fact_amount
GROUP BY version_key
UNION ALL
SELECT
    version_key,
    'fact_application',
    min(rowid),
    max(rowid)
FROM fact_application
GROUP BY version_key
UNION ALL
SELECT
    version_key,
    'fact_quantity',
    min(rowid),
    max(rowid)
FROM fact_quantity
GROUP BY version_key
UNION ALL
SELECT
    version_key,
    'fact_organisation',
    min(rowid),
    max(rowid)
FROM fact_organisation
GROUP BY version_key
UNION ALL
SELECT
    version_key,
    'fact_metric',
    min(rowid),
    max(rowid)
FROM fact_metric
GROUP BY version_key
UNION ALL
SELECT
    version_key,
    'fact_age',
    min(rowid),
    max(rowid)
FROM fact_eligibility
WHERE rule = 'max_company_age_years'
GROUP BY version_key
UNION ALL
SELECT
    version_key,
    'fact_size',
    min(rowid),
    max(rowid)
FROM fact_eligibility
WHERE rule = 'company_size'
GROUP BY version_key
UNION ALL
SELECT
    version_key,
    'fact_phone',
    min(rowid),
    max(rowid)
FROM fact_contact
WHERE channel = 'phone'
GROUP BY version_key
UNION ALL
SELECT
    version_key,
    'fact_email',
    min(rowid),
    max(rowid)
FROM fact_contact
WHERE channel = 'email'
GROUP BY version_key
ORDER BY version_key
