-- What closes next: who may apply, and what one applicant can get.
SELECT
    announcement_key,
    title,
    sidos,
    sizes,
    award_ceiling,
    award_amount,
    closes_on,
    closes_time,
    closes_kind,
    closes_on - today_seoul() AS days_left
FROM site.directory
WHERE kind = 'announcement' AND closes_on >= today_seoul()
    AND status_on(cancelled, opens_on, closes_on, closes_kind, vanished_at, today_seoul()) = 'open'
ORDER BY closes_on, closes_time NULLS LAST, announcement_key
LIMIT 12
