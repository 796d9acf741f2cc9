-- 집계 대상 금액 중 확정된 금액(계획, 투자·융자 제외) | The amounts that count and are decided: without plans, and without funds and loans
SELECT a.*
FROM notice_amount AS a LEFT JOIN programme_status AS s USING (programme_key)
WHERE s.status IS DISTINCT FROM 'planned' AND s.type IS DISTINCT FROM 'investment'
