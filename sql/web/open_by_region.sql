-- Open calls by region.
SELECT
    region AS name,
    count(*) AS value
FROM (
    SELECT unnest(sidos) AS region FROM open_calls
    WHERE kind = 'announcement'
)
GROUP BY region
