-- 사실 하나의 근거와 앞뒤 문장: FROM evidence('사실 키') | The evidence of a fact, with the words around it and the address of its announcement
CREATE OR REPLACE MACRO evidence(fact) AS TABLE
SELECT f.fact_table, f.label, f.evidence_quote, f.evidence_field,
    substr(v.text, greatest(f.evidence_start - 79, 1), f.evidence_end - f.evidence_start + 160) AS around, v.title, a.url, v.valid_from,
    (SELECT any_value(t.name) FROM attachment AS t WHERE t.version_key = f.version_key AND f.evidence_start >= t.text_start AND f.evidence_end <= t.text_end) AS file
FROM fact_evidence AS f JOIN announcement_version AS v USING (version_key) JOIN announcement AS a ON a.announcement_key = f.announcement_key
WHERE f.fact_id = fact;
