-- How much there is, and what today brings.
SELECT
    (SELECT count(*) FROM site.directory) AS calls,
    (
        SELECT count(*) FROM open_calls
        WHERE kind = 'announcement'
    ) AS open_calls,
    (
        SELECT count(*) FROM open_calls
        WHERE kind = 'announcement' AND closes_on <= today_seoul() + 7
    ) AS closing,
    (
        SELECT count(*) FROM site.directory
        WHERE kind = 'announcement' AND posted_on = today_seoul() - 1
    ) AS posted_yesterday,
    (SELECT count(*) FROM source_health) AS sources,
    (
        SELECT count(*) FROM source_health
        WHERE last_state = 'ok'
    ) AS good,
    (
        SELECT count(*) FROM source_health
        WHERE last_state = 'failed'
    ) AS failed,
    (SELECT strftime(max(last_run_at), '%Y-%m-%d %H:%M') FROM source_health) AS last_run,
    today_seoul() AS today
