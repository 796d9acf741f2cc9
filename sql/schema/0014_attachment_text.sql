-- Which file is the notice, and where its text stands in the text of the announcement: a fact there has its evidence in the file.
ALTER TABLE attachment ADD COLUMN role VARCHAR;
COMMENT ON COLUMN attachment.role IS '구실(notice 공고문, form 서식, other) | What it is: notice, form, other';
ALTER TABLE attachment ADD COLUMN text_start INTEGER;
COMMENT ON COLUMN attachment.text_start IS '공고 본문에서 이 첨부의 글이 시작하는 위치 | Where its text begins in the text of the announcement';
ALTER TABLE attachment ADD COLUMN text_end INTEGER;
COMMENT ON COLUMN attachment.text_end IS '끝나는 위치(미포함) | Where it ends, exclusive';
