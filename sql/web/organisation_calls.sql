-- The calls in which an organisation takes part, the newest first.
SELECT
    announcement_key,
    title,
    role,
    written,
    alias_conflict,
    programme,
    sidos,
    posted_on,
    fact_id,
    evidence_quote,
    corrected
FROM participation
WHERE organisation_key = $organisation_key
ORDER BY posted_on DESC NULLS LAST, announcement_key LIMIT 100
