-- 같은 공고를 하나로 묶은 목록(대표 공고 하나와 실린 곳) | One row a call, however many sites carry it: the fullest announcement stands for it, a call before what was written about it
SELECT * EXCLUDE (facts), list_sort(list_distinct(list(source) OVER (PARTITION BY coalesce(notice_key, announcement_key)))) AS sources
FROM (SELECT c.*, (SELECT count(*) FROM fact_amount AS f WHERE f.version_key = c.version_key) AS facts FROM current_announcement AS c)
QUALIFY row_number() OVER (PARTITION BY coalesce(notice_key, announcement_key) ORDER BY kind = 'announcement' DESC, facts DESC, posted_on, announcement_key) = 1
