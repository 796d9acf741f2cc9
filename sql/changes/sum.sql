-- The sums that the rebuilt statements are part of now.
INSERT INTO changed_sum
SELECT DISTINCT coalesce(programme_key, programme) FROM programme_money_statement
WHERE programme_key IN (SELECT key FROM changed_owner) OR announcement_key IN (SELECT key FROM changed_announcement);
