-- Further words that state the facts of a version, and values that contradict them.
SELECT
    'same' AS says,
    fact_id,
    NULL AS field,
    NULL AS value,
    NULL AS instead,
    evidence_start,
    evidence_end,
    evidence_quote
FROM fact_further_evidence
WHERE version_key = $version_key
UNION ALL
SELECT
    CASE WHEN field LIKE '% superseded' THEN 'superseded' ELSE 'otherwise' END,
    fact_id,
    field,
    value,
    instead,
    evidence_start,
    evidence_end,
    evidence_quote
FROM fact_contradicted
WHERE version_key = $version_key
