-- How the description of a source was proven.
ALTER TABLE source ADD COLUMN proven VARCHAR;
ALTER TABLE source ADD COLUMN recorded_in VARCHAR;
COMMENT ON COLUMN source.proven IS '설명의 근거: recorded_page 기록된 페이지, others_code 다른 수집기의 코드, dossier 자료조사 | What proves its description: recorded_page, others_code or dossier';
COMMENT ON COLUMN source.recorded_in IS '페이지를 기록한 달 | Month of the recorded page';
