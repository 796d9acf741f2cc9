-- 인력 양성 규모 | People to be trained | How many people are to be trained and how many were, by region and year, and in which programmes? (the first 500)
SELECT
    region,
    year,
    people,
    CASE state WHEN 'done' THEN '실적' ELSE '계획' END AS state_name,
    CASE per WHEN 'year' THEN '연간' WHEN 'award' THEN '과제당' END AS per_name,
    programme,
    title,
    evidence_quote,
    corrected,
    url
FROM talent
ORDER BY people DESC, title
LIMIT 500
