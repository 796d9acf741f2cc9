-- 수집처 상태 | Source health | When each source was last collected, and whether it worked
SELECT
    source,
    name_ko AS name,
    last_state AS state,
    last_run_at,
    last_ok_at,
    last_listed,
    last_failed,
    round(recall, 3) AS kept_share,
    newest,
    runs
FROM source_health
ORDER BY source
