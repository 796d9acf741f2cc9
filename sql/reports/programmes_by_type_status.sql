-- 유형·상태별 사업 수 | Programmes by type and status | What is asked for, planned, open, running or ended
SELECT
    CASE type
        WHEN 'rnd' THEN '연구개발'
        WHEN 'demonstration' THEN '실증'
        WHEN 'infrastructure' THEN '기반 구축'
        WHEN 'adoption' THEN '도입·보급'
        WHEN 'training' THEN '인력 양성'
        WHEN 'startup' THEN '창업·사업화'
        WHEN 'investment' THEN '투자·융자'
        WHEN 'event' THEN '행사'
        WHEN 'agreement' THEN '협약'
        WHEN 'plan' THEN '계획·정책'
        ELSE type
    END AS type_name,
    CASE status
        WHEN 'proposed' THEN '제안'
        WHEN 'planned' THEN '계획'
        WHEN 'open' THEN '모집'
        WHEN 'selected' THEN '선정'
        WHEN 'ongoing' THEN '진행'
        WHEN 'ended' THEN '종료'
        ELSE status
    END AS status_name,
    count(*) AS programmes
FROM programme_status
GROUP BY ALL
ORDER BY type_name, status_name
