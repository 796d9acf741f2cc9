-- 정정 내역 | Corrections | Which facts did people correct or silence, who, when and why, and which corrections match nothing any more?
SELECT
    c.announcement,
    c.fact,
    c.words AS evidence_quote,
    c.found::VARCHAR AS taken,
    coalesce(c.correct::VARCHAR, '숨김') AS instead,
    c.corrected_by,
    c.corrected_on,
    c.why,
    c.facts,
    v.title,
    a.url
FROM correction AS c
LEFT JOIN announcement AS a USING (announcement_key)
LEFT JOIN announcement_version AS v ON v.announcement_key = a.announcement_key AND v.is_current
ORDER BY c.facts > 0, c.corrected_on DESC, c.place
