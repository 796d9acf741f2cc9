-- What closes next.
SELECT
    announcement_key,
    title,
    sidos,
    agency,
    closes_on,
    closes_time,
    closes_on - today_seoul() AS days_left
FROM open_calls
WHERE closes_on IS NOT NULL AND kind = 'announcement'
ORDER BY closes_on, closes_time NULLS LAST, announcement_key
LIMIT 10
