-- How many open calls close on each of the next 30 days.
SELECT
    d.day,
    count(c.closes_on) AS calls,
    isodow(d.day) >= 6 AS rest
FROM (SELECT (today_seoul() + unnest(range(30))::INTEGER)::DATE AS day) AS d
LEFT JOIN (
    SELECT closes_on FROM open_calls
    WHERE kind = 'announcement'
) AS c ON c.closes_on = d.day
GROUP BY d.day
ORDER BY d.day
