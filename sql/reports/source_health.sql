-- 수집처 상태 | Source health | When each source was last collected, and whether it worked
SELECT
    source AS 수집처,
    name_ko AS 이름,
    last_state AS 상태,
    last_run_at AS 마지막실행,
    last_ok_at AS 마지막성공,
    last_listed AS 목록,
    last_failed AS 실패,
    round(recall, 3) AS 보관율,
    newest AS 최신공고,
    runs AS 실행수
FROM source_health
ORDER BY source
