-- 목록에서 본 모든 공고의 지금 상태(가져오지 않은 것과 사라진 것 포함) | Every announcement that a list showed, as it stands: those whose page was not fetched, and those that vanished, too
-- table: announcement_key of announcement
SELECT
    announcement_key,
    any_value(source) AS source,
    any_value(native_id) AS native_id,
    arg_max(url, ("at", batch_id)) AS url,
    arg_max(title, ("at", batch_id)) AS title,
    arg_max(posted_on, ("at", batch_id)) AS posted_on,
    arg_max(opens_on, ("at", batch_id)) AS opens_on,
    arg_max(closes_on, ("at", batch_id)) AS closes_on,
    coalesce(arg_max(prefilter, ("at", batch_id)) FILTER (prefilter <> 'revisit'), 'likely') AS prefilter,
    min("at") AS first_listed_at,
    CASE WHEN arg_max(state, ("at", batch_id)) = 'vanished' THEN max("at") END AS vanished_at
FROM listing
GROUP BY announcement_key
