-- Bodies of governments have all names of the lexicon, also those that no text has; the reason of a correction in usual words.
COMMENT ON COLUMN organisation_alias.alias IS '다른 이름(본문 표기, 정부·지자체는 알려진 이름도 포함) | Name as written in a text; for bodies of governments also other known names';
COMMENT ON COLUMN correction.why IS '이유 | Why';
