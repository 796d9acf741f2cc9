-- 사업이 공모된 연도와 최근에 확인된 결과 | The years in which a programme was called, and what the latest text about its outcome says
-- table: programme_key of programme
WITH editions AS (
    SELECT
        programme_key,
        arg_max(name, year) AS name,
        count(*) AS editions,
        min(year) AS first_year,
        max(year) AS last_year,
        list(year ORDER BY year) AS years,
        coalesce(sum(skipped_years), 0)::INTEGER AS skipped_years,
        arg_max(title, year) AS last_title,
        arg_max(url, year) AS last_url,
        arg_max(source, year) AS last_source,
        arg_max(first_posted_on, year) AS last_posted_on
    FROM programme_edition
    GROUP BY programme_key
),

programme_outcome AS (  -- what is only proposed has no outcome yet
    SELECT
        programme_key,
        min(name) AS name,
        max(try_cast(left(ends, 4) AS INTEGER)) AS ends,
        arg_max(outcome, (posted_on, fact_id)) FILTER (outcome IS NOT NULL) AS outcome,
        arg_max(coalesce(outcome_quote, evidence_quote), (posted_on, fact_id)) FILTER (outcome IS NOT NULL)
            AS outcome_quote,
        max(posted_on) FILTER (outcome IS NOT NULL) AS outcome_on
    FROM programme_document
    WHERE status IS DISTINCT FROM 'proposed'
    GROUP BY programme_key
)

SELECT
    programme_key,
    coalesce(e.name, o.name) AS name,
    coalesce(e.editions, 0) AS editions,
    e.first_year,
    e.last_year,
    coalesce(e.years, []) AS years,
    coalesce(e.skipped_years, 0) AS skipped_years,
    e.last_title,
    e.last_url,
    e.last_source,
    e.last_posted_on,
    o.ends,
    o.outcome,
    o.outcome_quote,
    o.outcome_on
FROM programme_outcome AS o LEFT JOIN editions AS e USING (programme_key)
WHERE e.programme_key IS NOT NULL OR o.outcome IS NOT NULL
