-- 사업이 공모된 해와 건너뛴 해 | The years in which a programme was called, with the years it skipped; an article about it is no edition
-- table: programme_key of programme
WITH called AS (
    SELECT
        *,
        try_cast(
            coalesce(nullif(regexp_extract(title, '(20\d\d)\s*년?', 1), ''), left(starts, 4), strftime(posted_on, '%Y'))
            AS INTEGER
        ) AS year
    FROM programme_document
    WHERE kind = 'announcement' AND status IS DISTINCT FROM 'proposed' AND NOT cancelled
)

SELECT
    programme_key,
    min(name) AS name,
    year,
    count(DISTINCT announcement_key) AS calls,
    min(posted_on) AS first_posted_on,
    arg_min(title, (posted_on, announcement_key)) AS title,
    arg_min(url, (posted_on, announcement_key)) AS url,
    arg_min(source, (posted_on, announcement_key)) AS source,
    year - lag(year) OVER (PARTITION BY programme_key ORDER BY year) - 1 AS skipped_years
FROM called
WHERE year IS NOT NULL
GROUP BY programme_key, year
