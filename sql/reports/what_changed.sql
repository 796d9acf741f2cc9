-- 오늘의 변경 사항 | What changed | New, extended, shortened, cancelled and vanished calls and changed amounts of today, with the old and the new value (the first 1000)
SELECT
    strftime(changed_at AT TIME ZONE 'Asia/Seoul', '%H:%M') AS changed_at_time,
    kind,
    title,
    old,
    new,
    source,
    url
FROM change
WHERE relevant AND changed_at >= today_seoul()::TIMESTAMP AT TIME ZONE 'Asia/Seoul'
ORDER BY changed_at DESC, kind, title LIMIT 1000
