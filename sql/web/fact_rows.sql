-- Where the facts of a version stand in their tables.
SELECT
    fact_table,
    first_row,
    last_row
FROM site.fact_rows
WHERE version_key = $version_key
