-- block: 판이 없는 사실 | A fact whose announcement version does not exist
-- of each announcement
SELECT
    fact_table,
    fact_id,
    version_key
FROM fact_evidence ANTI JOIN announcement_version USING (version_key)
