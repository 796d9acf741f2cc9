-- 지역별 수집처와 공고의 수, 사실의 비율 | Sources and announcements of each region, and which facts they give
-- table
WITH listed AS (
    SELECT
        s.region,
        s.source,
        s.family,
        s.proven,
        c.announcement_key,
        c.relevant,
        c.posted_on,
        c.closes_on IS NOT NULL AS dated,
        f.version_key IS NOT NULL AS priced
    FROM source AS s LEFT JOIN announcement_state AS c USING (source)
    LEFT JOIN (SELECT DISTINCT version_key FROM fact_amount) AS f USING (version_key)
    WHERE s.family <> 'inbox'
)

SELECT
    region,
    count(DISTINCT source) AS sources,
    count(DISTINCT source) FILTER (announcement_key IS NOT NULL) AS sources_with_announcements,
    count(DISTINCT source) FILTER (proven = 'recorded_page') AS on_recorded_page,
    count(DISTINCT source) FILTER (proven = 'others_code') AS by_others_code,
    count(DISTINCT source) FILTER (proven = 'dossier') AS by_dossier,
    string_agg(DISTINCT family, ', ' ORDER BY family) AS families,
    count(announcement_key) AS announcements,
    count(*) FILTER (relevant) AS of_ai,
    max(posted_on) AS newest,
    round(avg(dated::INTEGER) FILTER (relevant), 2) AS with_closing,
    round(avg(priced::INTEGER) FILTER (relevant), 2) AS with_amount
FROM listed
GROUP BY region
