-- One programme.
SELECT
    programme_key,
    name,
    first_year,
    last_year,
    mentions
FROM programme
WHERE programme_key = $programme_key
