-- 찾기와 거르기에 쓰는 공고 목록(묶음마다 하나) | One row a relevant call or article with everything that people search and filter by
-- table
WITH place AS (
    SELECT version_key, list_sort(list(DISTINCT name)) AS places FROM fact_region WHERE contains(name, ' ') GROUP BY version_key
), field AS (
    SELECT version_key, list_sort(list(DISTINCT sector)) AS sectors FROM fact_sector GROUP BY version_key
), programme AS (
    SELECT version_key, list_sort(list(DISTINCT type) FILTER (type IS NOT NULL)) AS types, string_agg(name, ' ') AS named FROM fact_programme GROUP BY version_key
), applicant AS (
    SELECT version_key, list_sort(list(DISTINCT value)) AS sizes FROM fact_eligibility WHERE rule = 'company_size' GROUP BY version_key
), body AS (
    SELECT version_key, string_agg(DISTINCT name, ' ') AS named FROM fact_organisation GROUP BY version_key
), money AS (
    SELECT version_key, max(krw) FILTER (role = 'total') AS total FROM fact_amount GROUP BY version_key
)
SELECT n.announcement_key, n.version_key, n.title, n.kind, n.agency, n.source, n.sources, n.url, n.posted_on, n.opens_on, n.closes_on, n.closes_time,
    n.closes_kind, n.cancelled, n.vanished_at, n.first_seen_at, n.sidos, coalesce(p.places, []) AS places, coalesce(f.sectors, []) AS sectors,
    coalesce(g.types, []) AS types, coalesce(a.sizes, []) AS sizes, n.award_ceiling, m.total,
    search_form(concat_ws(' ', n.title, n.agency, g.named, b.named)) AS words
FROM (FROM announcement_state WHERE leads AND relevant) AS n
LEFT JOIN place AS p USING (version_key) LEFT JOIN field AS f USING (version_key) LEFT JOIN programme AS g USING (version_key)
LEFT JOIN applicant AS a USING (version_key) LEFT JOIN body AS b USING (version_key) LEFT JOIN money AS m USING (version_key)
ORDER BY n.closes_on NULLS LAST, n.posted_on
