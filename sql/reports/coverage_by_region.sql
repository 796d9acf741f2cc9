-- 지역별 수집 범위 | Coverage by region | Sources and announcements of each region, how fresh they are, and which facts they give; 빈틈 names what is missing
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
SELECT region AS 지역, sources AS 수집처, giving AS 수집된곳, announcements AS 공고, of_ai AS AI사업, newest AS 최신공고, with_closing AS 마감일비율,
    with_amount AS 금액비율, families AS 계열,
    CASE WHEN giving = 0 THEN '수집된 공고 없음' WHEN of_ai = 0 THEN 'AI 사업 없음' WHEN newest IS NULL THEN '게시일 없음'
        WHEN newest < current_date - 30 THEN '한 달 넘게 새 공고 없음' ELSE '' END AS 빈틈
FROM counted ORDER BY giving, of_ai, region
