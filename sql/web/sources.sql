-- Sources with their latest run and what is expected of them; those in trouble first.
SELECT
    h.source,
    h.name_ko,
    h.last_state,
    strftime(h.last_run_at, '%Y-%m-%d %H:%M') AS last_run,
    strftime(h.last_ok_at, '%Y-%m-%d %H:%M') AS last_ok,
    h.last_listed,
    h.last_failed,
    round(100 * h.recall, 1) AS recall,
    h.newest,
    h.runs,
    h.failed_runs
FROM source_health AS h
ORDER BY CASE h.last_state WHEN 'failed' THEN 1 WHEN 'partial' THEN 2 ELSE 3 END, h.source
