-- warn: 하루 사이에 지역의 금액을 두 배 넘게 만든 문서 | A document of the last day that more than doubles the money of a region, year and funding source that ten others make up
WITH counted AS (
    SELECT
        n.*,
        v.valid_from >= now() - INTERVAL 1 DAY AS is_new,
        sum(n.krw) FILTER (WHERE v.valid_from < now() - INTERVAL 1 DAY) OVER of_figure AS before,
        count(*) FILTER (WHERE v.valid_from < now() - INTERVAL 1 DAY) OVER of_figure AS amounts_before
    FROM notice_amount AS n JOIN announcement_version AS v USING (version_key)
    WINDOW of_figure AS (PARTITION BY n.region, n.year, n.role)
)

SELECT
    title,
    region,
    year,
    role,
    krw,
    before,
    url
FROM counted
WHERE is_new AND amounts_before >= 10 AND krw > before
ORDER BY krw DESC
