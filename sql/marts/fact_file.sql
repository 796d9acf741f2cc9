-- 첨부에 근거가 있는 사실과 그 파일·쪽·표 칸 | Facts whose words stand in an attached file, with the file and the page or cell
SELECT
    f.fact_id,
    f.version_key,
    t.name AS file,
    place_name(list_filter(t.places, LAMBDA p: p.start = f.evidence_start)[1].place) AS place
FROM (
    FROM attachment
    WHERE text_start IS NOT NULL
) AS t
JOIN
    fact_evidence AS f
    ON f.version_key = t.version_key AND f.evidence_start >= t.text_start AND f.evidence_end <= t.text_end
