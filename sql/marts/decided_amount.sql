-- 셈에 드는 금액 가운데 확정된 것(계획과 투자·융자는 빠짐) | The amounts that count and are decided: without plans, and without funds and loans
SELECT a.*
FROM notice_amount AS a LEFT JOIN programme_status AS s USING (programme_key)
WHERE s.status IS DISTINCT FROM 'planned' AND s.type IS DISTINCT FROM 'investment'
