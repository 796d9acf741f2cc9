-- 인공지능 and AI, AI 전환 and AX, 이용권 and 바우처 are one word each in the names of programmes: texts use either.
CREATE MACRO programme_words(squashed) AS regexp_replace(regexp_replace(regexp_replace(regexp_replace(
    squashed, '인공지능', 'ai', 'g'), '(ai)+전환', 'ax', 'g'), '(ai){2,}|(ax){2,}', '\1\2', 'g'), '이용권', '바우처', 'g');
CREATE OR REPLACE MACRO programme_norm(name) AS coalesce(
    nullif(regexp_replace(regexp_replace(programme_words(squash(name)), '^(20\d\d년?(도)?|제?\d+(차|회|기|년도))+', ''), '(지원)?(사업)?(공고)?$', ''), ''),
    programme_words(squash(name)));
UPDATE fact_programme SET name_norm = programme_norm(name);
