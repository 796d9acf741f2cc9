-- 양성할 인원 | People to be trained | How many people are to be trained, by region and year, and in which programmes? (the first 500)
SELECT
    region AS 지역,
    year AS 연도,
    people AS 인원,
    programme AS 사업,
    title AS 공고,
    evidence_quote AS 근거,
    url AS 주소
FROM talent
ORDER BY people DESC, title
LIMIT 500
