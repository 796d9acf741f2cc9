-- 지역별 수집 범위와 빈틈 | Sources and announcements of each region, how fresh they are, which facts they give, and what is missing
WITH kept AS (
    SELECT s.region, s.source, s.family, c.announcement_key, c.relevant, c.posted_on, c.closes_on IS NOT NULL AS dated,
        c.version_key IN (SELECT version_key FROM fact_amount) AS priced
    FROM source AS s LEFT JOIN current_announcement AS c USING (source) WHERE s.family <> 'inbox'
), counted AS (
    SELECT region, count(DISTINCT source) AS sources, count(DISTINCT source) FILTER (announcement_key IS NOT NULL) AS giving,
        string_agg(DISTINCT family, ', ' ORDER BY family) AS families, count(announcement_key) AS announcements,
        count(*) FILTER (relevant) AS of_ai, max(posted_on) AS newest,
        round(avg(dated::INTEGER) FILTER (relevant), 2) AS with_closing, round(avg(priced::INTEGER) FILTER (relevant), 2) AS with_amount
    FROM kept GROUP BY region
)
SELECT region, sources, giving, announcements, of_ai, newest, with_closing, with_amount, families,
    CASE WHEN giving = 0 THEN '수집된 공고 없음' WHEN of_ai = 0 THEN 'AI 사업 없음' WHEN newest IS NULL THEN '게시일 없음'
        WHEN newest < today_seoul() - 30 THEN '한 달 넘게 새 공고 없음' ELSE '' END AS hole
FROM counted
