-- warn: 한 문서가 대부분을 차지하는 지역 금액 | A document that makes up nine tenths of the money of a region, year and funding source that ten documents state
WITH share AS (
    SELECT
        *,
        krw / sum(krw) OVER of_figure AS share,
        count(*) OVER of_figure AS amounts
    FROM notice_amount
    WINDOW of_figure AS (PARTITION BY region, year, role)
)

SELECT
    announcement_key,
    title,
    url,
    format(
        '{} {} {} {:.1f}억의 {:.0f}%', region, year, funding_source_name(role), krw / share / 1e8, 100 * share
    ) AS told
FROM share
WHERE amounts >= 10 AND share > 0.9
ORDER BY krw DESC
