-- 검색과 필터에 쓰는 공고 목록(묶음별 하나) | One row a relevant call or article with everything that people search and filter by
-- table: announcement_key of announcement
SELECT
    n.announcement_key,
    n.version_key,
    n.title,
    n.kind,
    n.agency,
    n.source,
    n.sources,
    n.url,
    n.posted_on,
    n.opens_on,
    n.closes_on,
    n.closes_time,
    n.closes_kind,
    n.cancelled,
    n.vanished_at,
    n.first_seen_at,
    n.sidos,
    coalesce(f.places, []) AS places,
    coalesce(f.sectors, []) AS sectors,
    coalesce(f.types, []) AS types,
    coalesce(f.sizes, []) AS sizes,
    f.max_company_age,
    n.award_ceiling,
    f.award_amount,
    n.corrected,
    f.total
FROM (
    FROM announcement_state
    WHERE is_primary AND relevant
) AS n
LEFT JOIN site.directory_facets AS f USING (version_key)
ORDER BY n.closes_on NULLS LAST, n.posted_on
