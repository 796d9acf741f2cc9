-- block: 근거 없는 사실 | A fact without evidence
-- of each announcement
SELECT
    fact_table,
    fact_id,
    label
FROM fact_evidence
WHERE coalesce(evidence_quote, '') = '' OR ((evidence_start IS NULL OR evidence_end IS NULL) AND evidence_field IS NULL)
