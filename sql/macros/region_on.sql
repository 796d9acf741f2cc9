-- 그날의 행정 구역 이름: region_on('광주', '2026-08-01') = '전남광주' | The region that a name stands for on a day
CREATE OR REPLACE MACRO region_on(name, day) AS coalesce(
    (SELECT min(r.successor) FROM region AS r WHERE r.short = name AND r.successor IS NOT NULL AND r.valid_to < day::DATE), name);
-- 지역별 금액을 그날의 행정 구역으로: FROM funding_on('2026-06-30') | Money by the regions of a day
CREATE OR REPLACE MACRO funding_on(day) AS TABLE
SELECT region_on(f.region, day) AS region, f.year, f.purse, sum(f.krw)::BIGINT AS krw, sum(f.amounts)::BIGINT AS amounts, sum(f.calls)::BIGINT AS calls
FROM funding_by_region AS f GROUP BY ALL;
