-- Remembers the money of today, beside that of the last day before.
DELETE FROM money_of_day
WHERE day = today_seoul()
    OR day < (
        SELECT max(day) FROM money_of_day
        WHERE day < today_seoul()
    );
INSERT INTO money_of_day
SELECT
    today_seoul(),
    announcement_key,
    region,
    year,
    role,
    sum(krw)::BIGINT
FROM notice_amount
GROUP BY ALL;
