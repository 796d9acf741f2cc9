-- 사업의 해마다의 판과 건너뛴 해 | The editions of a programme, year by year, with the years it skipped
-- table
WITH called AS (
    SELECT
        p.name_norm,
        p.name,
        n.announcement_key,
        n.title,
        n.url,
        n.posted_on,
        n.version_key,
        try_cast(
            coalesce(
                nullif(regexp_extract(n.title, '(20\d\d)\s*년?', 1), ''), left(p.starts, 4), strftime(n.posted_on, '%Y')
            ) AS INTEGER
        ) AS year
    FROM fact_programme AS p
    JOIN (
        FROM announcement_state
        WHERE is_primary
    ) AS n USING (version_key)
    WHERE p.name_norm <> '' AND p.status IS DISTINCT FROM 'proposed'
)

SELECT
    sha_key(name_norm) AS programme_key,
    min(name) AS name,
    year,
    count(DISTINCT announcement_key) AS calls,
    min(posted_on) AS first_posted_on,
    arg_min(title, (posted_on, announcement_key)) AS title,
    arg_min(url, (posted_on, announcement_key)) AS url,
    year - lag(year) OVER (PARTITION BY name_norm ORDER BY year) - 1 AS skipped_years
FROM called
WHERE year IS NOT NULL
GROUP BY name_norm, year
