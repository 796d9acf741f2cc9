-- warn: 어제보다 크게 늘거나 준 지역 금액 | Money of a region, year and funding source that grew or shrank by more than a factor since the last day before, with the document that moved it most; the factor, and of how many documents or more, is in plugins/gonggo/warehouse/thresholds.yaml
WITH of_today AS (
    SELECT
        announcement_key,
        region,
        year,
        role,
        sum(krw) AS krw
    FROM notice_amount
    GROUP BY ALL
),

before AS (
    FROM money_of_day
    WHERE day = (
            SELECT max(day) FROM money_of_day
            WHERE day < today_seoul()
        )
),

figure AS (
    SELECT
        region,
        year,
        role,
        sum(g.krw) AS krw,
        sum(b.krw) AS krw_before,
        arg_max(announcement_key, abs(coalesce(g.krw, 0) - coalesce(b.krw, 0))) AS announcement_key,
        arg_max(coalesce(g.krw, 0) - coalesce(b.krw, 0), abs(coalesce(g.krw, 0) - coalesce(b.krw, 0))) AS moved
    FROM of_today AS g FULL JOIN before AS b USING (announcement_key, region, year, role)
    GROUP BY region, year, role
    HAVING greatest(count(g.krw), count(b.krw)) >= getvariable('money_moved_documents')
)

SELECT
    a.announcement_key,
    a.title,
    a.url,
    format(
        '{} {} {} {:.1f}억 → {:.1f}억, 이 문서 {:+.1f}억',
        f.region, f.year, funding_source_name(f.role), f.krw_before / 1e8, coalesce(f.krw, 0) / 1e8, f.moved / 1e8
    ) AS told
FROM figure AS f LEFT JOIN announcement AS a USING (announcement_key)
WHERE
    f.krw_before > 0
    AND (
        coalesce(f.krw, 0) > getvariable('money_moved_factor') * f.krw_before
        OR getvariable('money_moved_factor') * coalesce(f.krw, 0) < f.krw_before
    )
ORDER BY abs(f.moved) DESC
