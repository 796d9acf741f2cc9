-- block: 중복된 공고 | An announcement that stands twice
-- of each announcement
SELECT
    source,
    native_id,
    count(*) AS times
FROM announcement
GROUP BY ALL
HAVING count(*) > 1
