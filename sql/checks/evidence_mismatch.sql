-- block: 본문과 다른 근거 | Evidence that is not what the text says at that place
-- of each announcement
SELECT
    fact_table,
    fact_id,
    evidence_quote,
    substr(v.text, evidence_start + 1, evidence_end - evidence_start) AS found
FROM (
    FROM fact_evidence
    UNION ALL BY NAME
    SELECT
        'fact_further_evidence' AS fact_table,
        *
    FROM fact_further_evidence
    UNION ALL BY NAME
    SELECT
        'fact_contradicted' AS fact_table,
        *
    FROM fact_contradicted
) AS f
JOIN announcement_version AS v USING (version_key)
WHERE evidence_start IS NOT NULL
    AND substr(v.text, evidence_start + 1, evidence_end - evidence_start) IS DISTINCT FROM evidence_quote
