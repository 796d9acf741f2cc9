-- warn: AI 사업의 비율이 평소와 다른 수집처 | A source whose latest announcements are relevant four times as often, or as seldom, as those before
SELECT
    n.source,
    format(
        '{} AI 사업 {:.0f}% → {:.0f}%, 최근 공고 {}건', n.source, 100 * o.share_of_ai, 100 * n.share_of_ai, n.announcements
    ) AS told
FROM (
    FROM source_habit
    WHERE recent
) AS n
JOIN (
    FROM source_habit
    WHERE NOT recent
) AS o USING (source)
WHERE n.announcements >= 20
    AND o.announcements >= 50
    AND greatest(n.share_of_ai, o.share_of_ai) >= 0.1
    AND greatest(n.share_of_ai, o.share_of_ai) > 4 * least(n.share_of_ai, o.share_of_ai)
