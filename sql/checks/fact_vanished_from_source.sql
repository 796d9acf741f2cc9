-- warn: 한 수집처의 최근 공고에서 사라진 종류의 사실 | A kind of fact that half of a source's announcements had and none of its ten or more latest has
SELECT
    n.source,
    format(
        '{} {} {:.0f}% → 0%, 최근 AI 공고 {}건',
        n.source,
        CASE n.kind
            WHEN 'with_amount' THEN '금액'
            WHEN 'with_closing' THEN '마감'
            WHEN 'with_programme' THEN '사업'
            ELSE '지역'
        END,
        100 * o.share,
        n.of_ai
    ) AS told
FROM (
    UNPIVOT (
        FROM source_habit
        WHERE recent
    )
    ON with_amount, with_closing, with_programme, with_region INTO NAME kind VALUE share
) AS n
JOIN (
    UNPIVOT (
        FROM source_habit
        WHERE NOT recent
    )
    ON with_amount, with_closing, with_programme, with_region INTO NAME kind VALUE share
) AS o USING (source, kind)
WHERE n.of_ai >= 10 AND o.of_ai >= 20 AND n.share = 0 AND o.share >= 0.5
