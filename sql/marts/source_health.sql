-- 수집처마다 마지막 실행과 마지막 성공 | Each source with its latest run and its latest success
SELECT
    r.source,
    any_value(s.name_ko) AS name_ko,
    arg_max(r.state, r.started_at) AS last_state,
    max(r.started_at) AS last_run_at,
    max(r.started_at) FILTER (r.state = 'ok') AS last_ok_at,
    arg_max(r.listed, r.started_at) AS last_listed,
    arg_max(r.failed, r.started_at) AS last_failed,
    arg_max(r.stored / nullif(r.listed, 0), r.started_at) FILTER (r.listed > 0) AS recall,
    max(r.newest) AS newest,
    count(*) AS runs,
    count(*) FILTER (r.state = 'failed') AS failed_runs
FROM source_run AS r LEFT JOIN source AS s USING (source)
GROUP BY r.source
