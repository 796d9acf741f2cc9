-- 본문과 첨부가 어긋난 공고 | Contradictions | Where the page of an announcement and the notice attached to it state different values: the one taken and the one not taken, with their words
SELECT v.title AS 공고, c.field AS 항목, c.instead AS 택한값, coalesce(f.evidence_quote, '') AS 근거, coalesce(concat_ws(' ', t.file, t.place), '본문') AS 어디,
    c.value AS 다른값, c.evidence_quote AS 다른근거, a.url AS 주소
FROM fact_contradicted AS c JOIN announcement_version AS v USING (version_key) JOIN announcement AS a ON a.announcement_key = c.announcement_key
LEFT JOIN fact_evidence AS f USING (fact_id) LEFT JOIN fact_file AS t USING (fact_id)
WHERE v.is_current
ORDER BY v.valid_from DESC, v.title, c.field
LIMIT 500
