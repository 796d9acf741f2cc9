-- Calls posted this year by region.
SELECT
    region AS name,
    count(*) AS value
FROM (
    SELECT unnest(sidos) AS region FROM site.directory
    WHERE kind = 'announcement' AND year(posted_on) = year(today_seoul())
)
GROUP BY region
