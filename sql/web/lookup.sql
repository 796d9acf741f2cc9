-- Where what is known of an announcement stands in the tables, and how it stands today.
SELECT
    announcement_row,
    coalesce(version_first, -1) AS version_first,
    coalesce(version_last, -1) AS version_last,
    status_on(cancelled, opens_on, closes_on, closes_kind, vanished_at, today_seoul()) AS status,
    closes_on - today_seoul() AS days_left,
    sidos,
    award_ceiling,
    shared,
    total
FROM site.call_lookup
WHERE announcement_key = $announcement_key
