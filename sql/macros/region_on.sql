-- 그날의 행정 구역(나뉜 것은 여럿): regions_on('전남광주', '2026-06-30') = ['광주', '전남'] | The regions that a name stands for on a day: what took its place, or what it was made of
CREATE OR REPLACE MACRO regions_on(name, day) AS coalesce(
    (
        SELECT string_split(min(r.successor), '|') FROM region AS r
        WHERE r.short = name AND r.successor IS NOT NULL AND r.valid_to < day::DATE
    ),
    (
        SELECT list(r.short ORDER BY r.short)
        FROM region AS r
        JOIN region AS now ON list_contains(string_split(r.successor, '|'), now.short)
        WHERE now.short = name AND now.valid_from > day::DATE AND r.valid_to >= day::DATE
    ),
    (
        SELECT [min(p.successor) || ' ' || split_part(name, ' ', 2)] FROM region AS p
        WHERE p.short = split_part(name, ' ', 1)
            AND contains(name, ' ')
            AND p.successor IS NOT NULL
            AND p.valid_to < day::DATE
        HAVING count(*) > 0
    ),
    (
        SELECT list(r.short ORDER BY r.short) FROM region AS r JOIN region AS p ON p.short = r.parent
        WHERE p.successor = split_part(name, ' ', 1)
            AND r.name_ko = split_part(name, ' ', 2)
            AND p.valid_to >= day::DATE
    ),
    [name]
);
-- 그날의 행정 구역 이름: region_on('광주', '2026-08-01') = '전남광주' | The same as one name; several are joined by a dot
CREATE OR REPLACE MACRO region_on(name, day) AS array_to_string(regions_on(name, day), '·');
-- 지역별 금액을 그날의 행정 구역으로: FROM funding_on('2026-06-30') | Money by the regions of a day
CREATE OR REPLACE MACRO funding_on(day) AS TABLE
    SELECT
        region_on(f.region, day) AS region,
        f.year,
        f.funding_source,
        sum(f.krw)::BIGINT AS krw,
        sum(f.amounts)::BIGINT AS amounts,
        sum(f.calls)::BIGINT AS calls
    FROM funding_by_region AS f
    GROUP BY ALL;
