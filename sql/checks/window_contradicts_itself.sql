-- warn: 시작일이 마감일보다 늦게 적힌 공고(시작일은 쓰지 않음) | A text that states a first day after the last; the first day is not used
SELECT
    o.announcement_key,
    o.value AS opens_at,
    c.value AS closes_at,
    o.evidence_quote AS opens_quote,
    c.evidence_quote AS closes_quote
FROM fact_application AS o
JOIN fact_application AS c USING (version_key)
JOIN announcement_version AS v USING (version_key)
WHERE v.is_current AND o.edge = 'opens_at' AND c.edge = 'closes_at' AND c.day < o.day
