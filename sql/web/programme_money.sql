-- Every sum that documents state of a programme, by document, with what contains it and why it does not count where it does not.
SELECT
    fact_id,
    version_key,
    announcement_key,
    title,
    kind,
    posted_on,
    year,
    role AS funding_source,
    krw,
    part_of,
    set_aside,
    evidence_quote,
    corrected
FROM programme_money_statement
WHERE programme_key = $programme_key
ORDER BY
    min(coalesce(set_aside, '')) OVER (PARTITION BY version_key), posted_on DESC NULLS LAST, version_key,
    year NULLS FIRST, krw DESC, fact_id
LIMIT 200
