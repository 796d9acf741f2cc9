-- How many of the calls that meet the conditions there are, in all and under each value of each facet.
WITH hit AS MATERIALIZED (
    SELECT
        sidos,
        places,
        sectors,
        types,
        sizes,
        status,
        kind,
        agency,
        sources,
        coalesce(award_ceiling, award_amount) AS award,
        closes_on,
        posted_on,
        year(posted_on) AS year
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
),

counted AS (
    SELECT
        'all' AS facet,
        NULL::VARCHAR AS value,
        count(*) AS calls
    FROM hit
    UNION ALL
    SELECT
        'status',
        status,
        count(*)
    FROM hit
    GROUP BY status
    UNION ALL
    SELECT
        'region',
        value,
        count(*)
    FROM (SELECT unnest(sidos) AS value FROM hit)
    GROUP BY value
    UNION ALL
    SELECT
        'place',
        value,
        count(*)
    FROM (SELECT unnest(places) AS value FROM hit)
    WHERE list_contains(string_split($region::VARCHAR, '|'), split_part(value, ' ', 1))
    GROUP BY value
    UNION ALL
    SELECT
        'sector',
        value,
        count(*)
    FROM (SELECT unnest(sectors) AS value FROM hit)
    GROUP BY value
    UNION ALL
    SELECT
        'type',
        value,
        count(*)
    FROM (SELECT unnest(types) AS value FROM hit)
    GROUP BY value
    UNION ALL
    SELECT
        'size',
        value,
        count(*)
    FROM (SELECT unnest(sizes) AS value FROM hit)
    GROUP BY value
    UNION ALL
    SELECT
        'kind',
        kind,
        count(*)
    FROM hit
    GROUP BY kind
    UNION ALL
    SELECT
        'agency',
        agency,
        count(*)
    FROM hit
    WHERE agency IS NOT NULL
    GROUP BY agency
    UNION ALL
    SELECT
        'least',
        least::VARCHAR,
        count(*)
    FROM hit
    JOIN
        (VALUES (10_000_000), (50_000_000), (100_000_000), (500_000_000), (1_000_000_000)) AS t (least)
        ON award >= least
    GROUP BY least
    UNION ALL
    SELECT
        'to',
        until::VARCHAR,
        count(*)
    FROM hit
    JOIN (SELECT today_seoul() + unnest([7, 30, 90]) AS until) ON closes_on <= until
    GROUP BY until
    UNION ALL
    SELECT
        'posted_from',
        since::VARCHAR,
        count(*)
    FROM hit
    JOIN (SELECT today_seoul() - unnest([1, 7, 30, 90]) AS since) ON posted_on >= since
    GROUP BY since
    UNION ALL
    SELECT
        'year',
        year::VARCHAR,
        count(*)
    FROM hit
    WHERE year IS NOT NULL
    GROUP BY year
    UNION ALL
    SELECT
        'source',
        value,
        count(*)
    FROM (SELECT unnest(sources) AS value FROM hit)
    GROUP BY value
)

FROM counted QUALIFY row_number() OVER (PARTITION BY facet ORDER BY calls DESC, value) <= 20
ORDER BY facet, calls DESC, value
