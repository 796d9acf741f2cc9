-- Programmes that meet the conditions, those called most recently first.
SELECT programme_key, any_value(name) AS name, list(DISTINCT type) FILTER (type IS NOT NULL) AS types, list_sort(list(DISTINCT region)) AS regions,
    arg_max(stage, posted_on) AS stage, max(posted_on) AS posted_on, count(*) OVER () AS found
FROM commitment
WHERE ($words::VARCHAR IS NULL OR contains(search_form(name), search_form($words::VARCHAR))) AND ($region::VARCHAR IS NULL OR region = $region::VARCHAR)
    AND ($type::VARCHAR IS NULL OR type = $type::VARCHAR) AND ($stage::VARCHAR IS NULL OR stage = $stage::VARCHAR)
GROUP BY programme_key ORDER BY posted_on DESC NULLS LAST, programme_key LIMIT $rows OFFSET $skip
