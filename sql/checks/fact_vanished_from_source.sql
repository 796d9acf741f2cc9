-- warn: 한 수집처의 최근 공고에서 사라진 종류의 사실 | A kind of fact that half of a source's announcements had and none of its ten or more latest has
SELECT
    n.source,
    n.kind,
    round(o.share, 2) AS share_before,
    n.of_ai AS announcements
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
