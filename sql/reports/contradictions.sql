-- 본문·첨부 불일치 | Contradictions | Where the page of an announcement and the notice attached to it state different values: the one taken and the one not taken, with their words
WITH stated AS (
    SELECT
        *,
        CASE WHEN field LIKE 'amount %' THEN format('{:,}원', try_cast(value AS BIGINT)) ELSE value END AS other,
        CASE WHEN field LIKE 'amount %' THEN format('{:,}원', try_cast(instead AS BIGINT)) ELSE instead END AS taken,
        CASE WHEN field LIKE 'amount %' THEN funding_source_name(substr(field, 8)) ELSE coalesce(MAP {
                    'opens_at': '접수 시작',
                    'closes_at': '접수 마감',
                    'max_company_age_years': '업력 한도(년)',
                    'quantity companies': '기업 수',
                    'quantity projects': '과제 수',
                    'quantity people': '인원'
                } [field], field)
        END AS what
    FROM fact_contradicted
    WHERE field NOT LIKE '% superseded'  -- what a text says was moved contradicts nothing
)

SELECT
    v.title,
    c.what AS item,
    c.taken,
    coalesce(f.evidence_quote, '') AS evidence_quote,
    coalesce(concat_ws(' ', t.file, t.place), '본문') AS stands_in,
    c.other,
    c.evidence_quote AS other_evidence,
    a.url
FROM stated AS c
JOIN announcement_version AS v USING (version_key)
JOIN announcement AS a ON a.announcement_key = c.announcement_key
LEFT JOIN fact_evidence AS f USING (fact_id) LEFT JOIN fact_file AS t USING (fact_id)
WHERE v.is_current
ORDER BY v.valid_from DESC, v.title, c.field
LIMIT 500
