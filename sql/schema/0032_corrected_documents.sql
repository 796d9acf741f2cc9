-- A person can say that a document is of another kind, or that it is or is not about a public AI programme.
ALTER TABLE announcement_version ADD COLUMN corrected VARCHAR;
COMMENT ON COLUMN announcement_version.corrected IS '사람이 종류나 관련 여부를 고친 경우: 누가 언제 왜 무엇을 | Where a person corrected kind or relevance: who, when, why and what';
