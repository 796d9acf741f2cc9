-- How many a programme was to support, train, build or employ, and how many it did, planned beside done.
SELECT
    fact_id,
    what,
    unit,
    value,
    coalesce(state, 'planned') AS side,
    per,
    year,
    posted_on,
    title,
    evidence_quote,
    corrected
FROM supported
WHERE programme_key = $programme_key
ORDER BY what, unit, year NULLS LAST, side DESC, posted_on DESC NULLS LAST, fact_id LIMIT 100
