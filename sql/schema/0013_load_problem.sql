-- Batches that could not be loaded, for those who read the tables.
CREATE TABLE load_problem (
    batch_id VARCHAR NOT NULL,
    "at" TIMESTAMPTZ NOT NULL,
    error VARCHAR NOT NULL
);
COMMENT ON TABLE load_problem IS '마지막 적재 때 실리지 못한 배치 | Batches that could not be loaded the last time';
COMMENT ON COLUMN load_problem.batch_id IS '배치 식별자 | Id of the batch';
COMMENT ON COLUMN load_problem."at" IS '시각 | Time';
COMMENT ON COLUMN load_problem.error IS '오류 | Error';
