-- 조건에 맞는 공고(조건이 NULL이면 모두, 여러 값은 |로 나눔): FROM find_calls('자율제조', '경남|부산', NULL, …) | Calls that meet all conditions; NULL is any, several values of one stand with | between. `words` are looked for as `search` does, all of them, and `score` says how well they fit; `least` is what one applicant can get, in KRW; `closes_…` are days of closing, `posted_…` of posting
CREATE OR REPLACE MACRO find_calls(
    words, region, place, sector, type, status, size, agency, source, kind, year, least, closes_from, closes_to,
    posted_from := DATE '0001-01-01', posted_to := DATE '9999-12-31'
) AS TABLE
    SELECT
        d.*,
        status_on(d.cancelled, d.opens_on, d.closes_on, d.closes_kind, d.vanished_at, today_seoul()) AS status,
        h.score
    FROM site.directory AS d
    LEFT JOIN search_hits(words) AS h USING (announcement_key)
    WHERE (words IS NULL OR trim(words) = '' OR h.score IS NOT NULL)
        AND (region IS NULL OR list_has_any(d.sidos, string_split(region, '|')))
        AND (place IS NULL OR list_has_any(d.places, string_split(place, '|')))
        AND (sector IS NULL OR list_has_any(d.sectors, string_split(sector, '|')))
        AND (type IS NULL OR list_has_any(d.types, string_split(type, '|')))
        AND (size IS NULL OR list_has_any(d.sizes, string_split(size, '|')))
        AND (agency IS NULL OR list_contains(string_split(agency, '|'), d.agency))
        AND (source IS NULL OR list_has_any(d.sources, string_split(source, '|')))
        AND (kind IS NULL OR list_contains(string_split(kind, '|'), d.kind))
        AND (year IS NULL OR year(d.posted_on) = year)
        AND (least IS NULL OR coalesce(d.award_ceiling, d.award_amount) >= least)
        AND (closes_from IS NULL OR d.closes_on >= closes_from) AND (closes_to IS NULL OR d.closes_on <= closes_to)
        -- A lake keeps no default that is NULL; the first and the last day of all stand for it.
        AND (posted_from IS NULL OR posted_from = DATE '0001-01-01' OR d.posted_on >= posted_from)
        AND (posted_to IS NULL OR posted_to = DATE '9999-12-31' OR d.posted_on <= posted_to)
        -- The directory stands in the order of its deadlines.
        AND (status IS NULL OR status <> 'open' OR d.closes_on >= today_seoul() OR d.closes_on IS NULL)
        AND (
            status IS NULL
            OR list_contains(
                string_split(status, '|'),
                status_on(d.cancelled, d.opens_on, d.closes_on, d.closes_kind, d.vanished_at, today_seoul())
            )
        );
