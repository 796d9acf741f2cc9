-- 사업이 나온 해들 | The years in which a programme was called, and those it skipped
-- table
SELECT
    programme_key,
    arg_max(name, year) AS name,
    count(*) AS editions,
    min(year) AS first_year,
    max(year) AS last_year,
    list(year ORDER BY year) AS years,
    coalesce(sum(skipped_years), 0)::INTEGER AS skipped_years,
    arg_max(title, year) AS last_title,
    arg_max(url, year) AS last_url
FROM programme_edition
GROUP BY programme_key
