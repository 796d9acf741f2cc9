-- The programme that a figure or a body belongs to, where the text shows it.
ALTER TABLE fact_amount ADD COLUMN programme VARCHAR;
COMMENT ON COLUMN fact_amount.programme IS '이 금액이 속한 사업 이름(본문이 보여 줄 때) | Programme the amount belongs to, where the text shows it';
ALTER TABLE fact_quantity ADD COLUMN programme VARCHAR;
COMMENT ON COLUMN fact_quantity.programme IS '이 수량이 속한 사업 이름 | Programme the count belongs to';
ALTER TABLE fact_organisation ADD COLUMN programme VARCHAR;
COMMENT ON COLUMN fact_organisation.programme IS '이 기관이 맡은 사업 이름 | Programme the body acts in';
ALTER TABLE fact_metric ADD COLUMN programme VARCHAR;
COMMENT ON COLUMN fact_metric.programme IS '이 지표가 속한 사업 이름 | Programme the rate belongs to';
