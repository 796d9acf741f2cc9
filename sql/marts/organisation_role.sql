-- 기관마다 맡은 공고 수와 지역 | How often each organisation hosts, operates or takes part, and where
-- table
SELECT
    coalesce(organisation, written) AS organisation,
    count(DISTINCT announcement_key) AS calls,
    count(*) FILTER (role = 'host') AS hosts,
    count(*) FILTER (role = 'operator') AS operates,
    count(*) FILTER (role = 'participant') AS participates,
    list_sort(list_distinct(flatten(list(every_region(sidos))))) AS regions
FROM participation
GROUP BY coalesce(organisation, written)
