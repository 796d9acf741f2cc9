-- 조건에 맞는 공고(조건이 NULL이면 모두): FROM find_calls('자율제조', '경남', NULL, …) | Calls that meet all conditions; NULL is any. `words` are looked for as `search` does; amounts in KRW; days are the closing day
CREATE OR REPLACE MACRO find_calls(
    words, region, place, sector, type, status, size, agency, source, kind, year, least, closes_from, closes_to
) AS TABLE
    SELECT
        d.*,
        status_on(d.cancelled, d.opens_on, d.closes_on, d.closes_kind, d.vanished_at, today_seoul()) AS status
    FROM site.directory AS d
    WHERE (words IS NULL OR search_hit(d.words, words))
        AND (region IS NULL OR list_contains(d.sidos, region)) AND (place IS NULL OR list_contains(d.places, place))
        AND (sector IS NULL OR list_contains(d.sectors, sector)) AND (type IS NULL OR list_contains(d.types, type))
        AND (size IS NULL OR list_contains(d.sizes, size)) AND (agency IS NULL OR d.agency = agency)
        AND (source IS NULL OR list_contains(d.sources, source)) AND (kind IS NULL OR d.kind = kind)
        AND (year IS NULL OR year(d.posted_on) = year)
        AND (least IS NULL OR greatest(d.award_ceiling, d.total) >= least)
        AND (closes_from IS NULL OR d.closes_on >= closes_from) AND (closes_to IS NULL OR d.closes_on <= closes_to)
        -- The directory stands in the order of its deadlines.
        AND (status IS NULL OR status <> 'open' OR d.closes_on >= today_seoul() OR d.closes_on IS NULL)
        AND (
            status IS NULL
            OR status_on(d.cancelled, d.opens_on, d.closes_on, d.closes_kind, d.vanished_at, today_seoul()) = status
        );
