-- 지명이 속한 시도·시군구: region_of('판교') = '경기 성남시' | The 시도 and 시군구 that a place belongs to; NULL for an unknown or ambiguous name
CREATE OR REPLACE MACRO region_of(words) AS coalesce(
    (
        SELECT min(p.region) FROM place AS p
        WHERE p.name = trim(words)
    ),
    (
        SELECT min(r.short) FROM region AS r
        WHERE r.parent IS NULL AND (r.short = trim(words) OR list_contains(string_split(r.aliases, '|'), trim(words)))
    ),
    (
        SELECT CASE WHEN count(DISTINCT r.short) = 1 THEN min(r.short) END FROM region AS r
        WHERE r.short = trim(words)
            OR r.name_ko = trim(words)
            OR list_contains(string_split(r.aliases, '|'), trim(words))
    )
);
