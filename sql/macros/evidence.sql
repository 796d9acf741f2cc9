-- 사실의 근거와 앞뒤 문장, 첨부 파일 안의 위치: FROM evidence('사실 키') | The evidence of a fact: its words, those around them, the file and page or cell they stand in, and what contradicts it
CREATE OR REPLACE MACRO evidence(fact) AS TABLE
    SELECT
        f.says,
        f.fact_table,
        f.label,
        f.corrected,
        f.evidence_quote,
        f.evidence_field,
        substr(v.text, greatest(f.evidence_start - 79, 1), f.evidence_end - f.evidence_start + 160) AS around,
        v.title,
        a.url,
        v.valid_from,
        t.name AS file,
        place_name(list_filter(t.places, LAMBDA p: p.start = f.evidence_start)[1].place) AS place
    FROM (
        SELECT
            'this' AS says,
            fact_table,
            label,
            announcement_key,
            version_key,
            evidence_start,
            evidence_end,
            evidence_quote,
            evidence_field,
            corrected
        FROM fact_evidence
        WHERE fact_id = fact
        UNION ALL BY NAME
        SELECT
            'silenced' AS says,
            fact_table,
            concat_ws(
                ' ',
                was ->> 'name',
                was ->> 'sector',
                was ->> 'role',
                was ->> 'krw',
                was ->> 'edge',
                was ->> 'rule',
                was ->> 'channel',
                was ->> 'value',
                was ->> 'unit'
            ) AS label,
            announcement_key,
            version_key,
            (was ->> 'evidence_start')::INTEGER AS evidence_start,
            (was ->> 'evidence_end')::INTEGER AS evidence_end,
            was ->> 'evidence_quote' AS evidence_quote,
            was ->> 'evidence_field' AS evidence_field,
            told AS corrected
        FROM fact_correction
        WHERE fact_id = fact AND silenced
        UNION ALL BY NAME
        SELECT
            'this' AS says,
            'announcement_version' AS fact_table,
            kind AS label,
            announcement_key,
            version_key,
            title AS evidence_quote,
            corrected
        FROM announcement_version
        WHERE version_key = replace(fact, ':document:0', '') AND fact <> version_key
        UNION ALL BY NAME
        SELECT
            'the same' AS says,
            announcement_key,
            version_key,
            evidence_start,
            evidence_end,
            evidence_quote
        FROM fact_further_evidence
        WHERE fact_id = fact
        UNION ALL BY NAME
        SELECT
            CASE WHEN field LIKE '% superseded' THEN 'before' ELSE 'otherwise' END AS says,
            value AS label,
            announcement_key,
            version_key,
            evidence_start,
            evidence_end,
            evidence_quote
        FROM fact_contradicted
        WHERE fact_id = fact
    ) AS f
    JOIN announcement_version AS v USING (version_key)
    JOIN announcement AS a ON a.announcement_key = f.announcement_key
    LEFT JOIN
        attachment AS t
        ON t.version_key = f.version_key AND f.evidence_start >= t.text_start AND f.evidence_end <= t.text_end
    ORDER BY CASE says WHEN 'this' THEN 1 WHEN 'silenced' THEN 1 WHEN 'the same' THEN 2 ELSE 3 END, f.evidence_start;
