-- 수집처마다 한 달 넘게 온전히 수집되지 않은 기간 | The spans of more than a month in which a source was not collected completely, those before its first and after its last complete run included
-- table
WITH run AS (
    SELECT DISTINCT
        source,
        started_at::DATE AS day
    FROM source_run
    WHERE state = 'ok'
)

SELECT
    source,
    coalesce(lag(day) OVER w, DATE '1900-01-01') AS after,
    day AS until
FROM run
WINDOW w AS (PARTITION BY source ORDER BY day)
QUALIFY date_diff('day', after, until) > 31
UNION ALL
SELECT
    source,
    max(day),
    DATE '9999-12-31'
FROM run
GROUP BY source
