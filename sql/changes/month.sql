-- The months whose announcements changed, for what is exported by months. Runs before the marts are changed: an announcement may have been
-- in another month.
CREATE OR REPLACE TEMP TABLE month_now AS
SELECT DISTINCT strftime(first_seen_at, '%Y-%m') AS month
FROM (
    SELECT
        announcement_key,
        first_seen_at
    FROM announcement
    UNION ALL
    SELECT
        announcement_key,
        first_seen_at
    FROM announcement_state
)
WHERE announcement_key IN (SELECT key FROM changed_announcement);

DELETE FROM site.changed_month
WHERE month IN (FROM month_now);

INSERT INTO site.changed_month
SELECT
    month,
    $change
FROM month_now;
