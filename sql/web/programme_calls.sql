-- The documents of a programme, the newest first: what each says of its type, status and outcome.
SELECT
    announcement_key,
    title,
    kind,
    posted_on,
    sidos,
    type,
    status,
    outcome,
    cancelled,
    fact_id,
    evidence_quote,
    corrected
FROM programme_document
WHERE programme_key = $programme_key
ORDER BY posted_on DESC NULLS LAST, announcement_key LIMIT 100
