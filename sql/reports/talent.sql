-- 양성할 인원 | People to be trained | How many people are to be trained, by region and year, and in which programmes? (the first 500)
SELECT
    region,
    year,
    people,
    programme,
    title,
    evidence_quote,
    url
FROM talent
ORDER BY people DESC, title
LIMIT 500
