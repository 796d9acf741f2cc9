-- One page of the calls that meet the conditions.
SELECT
    announcement_key,
    title,
    kind,
    agency,
    source,
    sources,
    url,
    posted_on,
    opens_on,
    closes_on,
    closes_time,
    closes_kind,
    sidos,
    places,
    sectors,
    types,
    sizes,
    max_company_age,
    award_ceiling,
    award_amount,
    corrected,
    total,
    status,
    closes_on - today_seoul() AS days_left,
    score
FROM find_calls(
        $words::VARCHAR,
        $region::VARCHAR,
        $place::VARCHAR,
        $sector::VARCHAR,
        $type::VARCHAR,
        $status::VARCHAR,
        $size::VARCHAR,
        $agency::VARCHAR,
        $source::VARCHAR, $kind::VARCHAR, $year::INTEGER, $least::BIGINT, $from::DATE, $to::DATE,
        posted_from := $posted_from::DATE, posted_to := $posted_to::DATE
    )
ORDER BY
    CASE WHEN $sort = 'relevance' THEN score END DESC NULLS LAST,
    CASE WHEN $sort = 'closing' THEN closes_on END NULLS LAST,
    CASE WHEN $sort = 'amount' THEN coalesce(award_ceiling, award_amount) END DESC NULLS LAST,
    posted_on DESC NULLS LAST, announcement_key
LIMIT $rows OFFSET $skip
