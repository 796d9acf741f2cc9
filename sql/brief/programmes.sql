-- Where the programmes of a region stand, the latest word first.
SELECT
    name,
    type,
    stage,
    outcome,
    posted_on,
    title,
    url,
    evidence_quote
FROM commitment
WHERE region = $region AND stage IS NOT NULL
    AND (
        $sector::VARCHAR IS NULL
        OR version_key IN (
            SELECT f.version_key FROM fact_sector AS f
            WHERE f.sector = $sector::VARCHAR
        )
    )
ORDER BY posted_on DESC NULLS LAST, name
LIMIT 12
