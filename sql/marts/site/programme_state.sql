-- 사업마다 유형·지역·단계와 마지막 공고일, 최근 것부터 | One row a programme with its types, regions, the stage it was last seen in and the day of its last call; the latest first
-- table: programme_key of programme
SELECT
    programme_key,
    min(name) AS name,
    list_sort(list(DISTINCT type) FILTER (type IS NOT NULL)) AS types,
    list_sort(list(DISTINCT region)) AS regions,
    list_sort(list(DISTINCT stage) FILTER (stage IS NOT NULL)) AS stages,
    arg_max(stage, (posted_on, stage)) FILTER (posted_on IS NOT NULL) AS stage,
    max(posted_on) AS posted_on,
    stage_called(
        max(stage_reached(status, type, outcome)) FILTER (status IS NOT NULL AND stage IS DISTINCT FROM 'cancelled')
    ) AS reached
FROM commitment
GROUP BY programme_key
ORDER BY posted_on DESC NULLS LAST, programme_key
