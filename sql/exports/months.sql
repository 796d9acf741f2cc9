-- The months in which announcements were first seen; what is written of one has to be written again when its version is another one, and
-- what has the status of its announcements, which changes with the day, also when that is another one.
SELECT
    strftime(a.first_seen_at, '%Y-%m') AS month,
    concat_ws(
        ' ',
        (
            SELECT change FROM site.changed_month
            WHERE month = ''
        ),
        any_value(m.change),
        -- Linked data are made of this mart.
        (
            SELECT value::JSON ->> 'notice' FROM warehouse_state
            WHERE name = 'mart_sql'
        )
    ) AS version,
    bit_xor(hash(a.announcement_key, a.status))::VARCHAR AS status
FROM current_announcement AS a LEFT JOIN site.changed_month AS m ON m.month = strftime(a.first_seen_at, '%Y-%m')
GROUP BY ALL
ORDER BY month
