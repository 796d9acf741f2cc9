-- 모든 사실과 그 근거를 한 표로 | Every fact of every kind with its evidence, in one view
SELECT
    'fact_region' AS fact_table,
    fact_id,
    announcement_key,
    version_key,
    name AS label,
    evidence_start,
    evidence_end,
    evidence_quote,
    evidence_field,
    corrected
FROM fact_region
UNION ALL BY NAME
SELECT
    'fact_sector' AS fact_table,
    fact_id,
    announcement_key,
    version_key,
    sector AS label,
    evidence_start,
    evidence_end,
    evidence_quote,
    evidence_field,
    corrected
FROM fact_sector
UNION ALL BY NAME
SELECT
    'fact_programme' AS fact_table,
    fact_id,
    announcement_key,
    version_key,
    name AS label,
    evidence_start,
    evidence_end,
    evidence_quote,
    evidence_field,
    corrected
FROM fact_programme
UNION ALL BY NAME
SELECT
    'fact_amount' AS fact_table,
    fact_id,
    announcement_key,
    version_key,
    role || ' ' || krw AS label,
    evidence_start,
    evidence_end,
    evidence_quote,
    evidence_field,
    corrected
FROM fact_amount
UNION ALL BY NAME
SELECT
    'fact_application' AS fact_table,
    fact_id,
    announcement_key,
    version_key,
    edge || ' ' || value AS label,
    evidence_start,
    evidence_end,
    evidence_quote,
    evidence_field,
    corrected
FROM fact_application
UNION ALL BY NAME
SELECT
    'fact_quantity' AS fact_table,
    fact_id,
    announcement_key,
    version_key,
    value || ' ' || unit AS label,
    evidence_start,
    evidence_end,
    evidence_quote,
    evidence_field,
    corrected
FROM fact_quantity
UNION ALL BY NAME
SELECT
    'fact_organisation' AS fact_table,
    fact_id,
    announcement_key,
    version_key,
    name AS label,
    evidence_start,
    evidence_end,
    evidence_quote,
    evidence_field,
    corrected
FROM fact_organisation
UNION ALL BY NAME
SELECT
    'fact_metric' AS fact_table,
    fact_id,
    announcement_key,
    version_key,
    name || ' ' || value AS label,
    evidence_start,
    evidence_end,
    evidence_quote,
    evidence_field,
    corrected
FROM fact_metric
UNION ALL BY NAME
SELECT
    'fact_eligibility' AS fact_table,
    fact_id,
    announcement_key,
    version_key,
    rule || ' ' || value AS label,
    evidence_start,
    evidence_end,
    evidence_quote,
    evidence_field,
    corrected
FROM fact_eligibility
UNION ALL BY NAME
SELECT
    'fact_contact' AS fact_table,
    fact_id,
    announcement_key,
    version_key,
    channel || ' ' || value AS label,
    evidence_start,
    evidence_end,
    evidence_quote,
    evidence_field,
    corrected
FROM fact_contact
