-- block: 현재 판이 둘 이상인 공고 | An announcement with two current versions
-- of each announcement
SELECT
    announcement_key,
    count(*) AS versions
FROM announcement_version
WHERE is_current
GROUP BY ALL
HAVING count(*) > 1
