-- One programme for all spellings that differ only in year, spaces, quotation marks and a trailing 사업 or 공고.
DELETE FROM programme;
INSERT INTO programme
SELECT
    sha_key(name_norm),
    arg_max(name, (times, name)),
    name_norm,
    sum(times),
    min(first_year),
    max(last_year)
FROM (
    SELECT
        name_norm,
        name,
        count(*) AS times,
        min(left(starts, 4)) AS first_year,
        max(left(ends, 4)) AS last_year
    FROM fact_programme
    WHERE name_norm <> ''
    GROUP BY ALL
)
GROUP BY name_norm;
