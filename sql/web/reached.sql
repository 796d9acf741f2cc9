-- How far the programmes of all regions have come.
SELECT
    reached,
    count(*) AS programmes
FROM site.programme_state
WHERE reached IS NOT NULL
GROUP BY reached
