-- The yearly editions of programmes.
SELECT
    programme_key,
    name,
    year,
    calls,
    title,
    url,
    first_posted_on,
    skipped_years
FROM programme_edition
WHERE list_contains($programmes::VARCHAR[], programme_key)
ORDER BY name, year
