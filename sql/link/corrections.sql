-- What people say against facts: finds the facts that each entry of the file of corrections means, in every version of its
-- announcement: those of its kind with its words, or words within them or around them, and with all the values that it names.
CREATE OR REPLACE TEMP TABLE entry AS
SELECT
    (e.j ->> 'place')::INTEGER AS place,
    (e.j ->> 'line')::INTEGER AS line,
    e.j ->> 'announcement' AS announcement,
    e.j ->> 'source' AS source,
    a.announcement_key,
    e.j ->> 'fact' AS fact,
    e.j ->> 'words' AS words,
    e.j -> 'found' AS found,
    nullif(e.j -> 'correct', 'null'::JSON) AS correct,
    e.j ->> 'by' AS corrected_by,
    (e.j ->> 'date')::DATE AS corrected_on,
    e.j ->> 'why' AS why
FROM unnest(entries($corrections::JSON)) AS e (j)
LEFT JOIN announcement AS a ON a.source = (e.j ->> 'source') AND a.native_id = (e.j ->> 'native_id');

CREATE OR REPLACE TEMP TABLE named AS
SELECT
    *,
    NULL::JSON AS becomes,
    NULL::INTEGER AS place,
    FALSE AS silenced
FROM (
    SELECT
        'region' AS fact,
        fact_id,
        announcement_key,
        version_key,
        evidence_quote,
        to_json(f) AS was
    FROM fact_region AS f
    WHERE announcement_key IN (SELECT announcement_key FROM entry)
    UNION ALL
    SELECT
        'sector' AS fact,
        fact_id,
        announcement_key,
        version_key,
        evidence_quote,
        to_json(f) AS was
    FROM fact_sector AS f
    WHERE announcement_key IN (SELECT announcement_key FROM entry)
    UNION ALL
    SELECT
        'programme' AS fact,
        fact_id,
        announcement_key,
        version_key,
        evidence_quote,
        to_json(f) AS was
    FROM fact_programme AS f
    WHERE announcement_key IN (SELECT announcement_key FROM entry)
    UNION ALL
    SELECT
        'amount' AS fact,
        fact_id,
        announcement_key,
        version_key,
        evidence_quote,
        to_json(f) AS was
    FROM fact_amount AS f
    WHERE announcement_key IN (SELECT announcement_key FROM entry)
    UNION ALL
    SELECT
        'application' AS fact,
        fact_id,
        announcement_key,
        version_key,
        evidence_quote,
        to_json(f) AS was
    FROM fact_application AS f
    WHERE announcement_key IN (SELECT announcement_key FROM entry)
    UNION ALL
    SELECT
        'quantity' AS fact,
        fact_id,
        announcement_key,
        version_key,
        evidence_quote,
        to_json(f) AS was
    FROM fact_quantity AS f
    WHERE announcement_key IN (SELECT announcement_key FROM entry)
    UNION ALL
    SELECT
        'organisation' AS fact,
        fact_id,
        announcement_key,
        version_key,
        evidence_quote,
        to_json(f) AS was
    FROM fact_organisation AS f
    WHERE announcement_key IN (SELECT announcement_key FROM entry)
    UNION ALL
    SELECT
        'metric' AS fact,
        fact_id,
        announcement_key,
        version_key,
        evidence_quote,
        to_json(f) AS was
    FROM fact_metric AS f
    WHERE announcement_key IN (SELECT announcement_key FROM entry)
    UNION ALL
    SELECT
        'eligibility' AS fact,
        fact_id,
        announcement_key,
        version_key,
        evidence_quote,
        to_json(f) AS was
    FROM fact_eligibility AS f
    WHERE announcement_key IN (SELECT announcement_key FROM entry)
    UNION ALL
    SELECT
        'contact' AS fact,
        fact_id,
        announcement_key,
        version_key,
        evidence_quote,
        to_json(f) AS was
    FROM fact_contact AS f
    WHERE announcement_key IN (SELECT announcement_key FROM entry)
    UNION ALL
    SELECT
        'document' AS fact,
        fact_key(version_key, 'document', 0) AS fact_id,
        announcement_key,
        version_key,
        title AS evidence_quote,
        to_json({ 'kind': kind, 'relevant': relevant, 'evidence_quote': title }) AS was
    FROM announcement_version
    WHERE announcement_key IN (SELECT announcement_key FROM entry)
);

-- An entry that meets the facts of another does nothing but what the later one of the two says.
CREATE OR REPLACE TEMP TABLE matched_fact AS
SELECT
    n.fact_id,
    e.place,
    e.correct
FROM named AS n
JOIN entry AS e ON e.announcement_key = n.announcement_key AND e.fact = n.fact
WHERE squash(n.evidence_quote) <> ''
    AND (contains(squash(n.evidence_quote), squash(e.words)) OR contains(squash(e.words), squash(n.evidence_quote)))
    AND len(list_filter(json_keys(e.found), LAMBDA k: NOT same_value(n.was ->> k, e.found ->> k))) = 0
QUALIFY row_number() OVER (PARTITION BY n.fact_id ORDER BY e.place DESC) = 1;

UPDATE named SET
    place = m.place,
    silenced = m.correct IS NULL,
    becomes = json_merge_patch(named.was, coalesce(m.correct, '{}'::JSON))
FROM matched_fact AS m
WHERE m.fact_id = named.fact_id;

-- What tells of a programme or of a sum by its name or figure goes with it.
CREATE OR REPLACE TEMP TABLE renamed AS
SELECT
    fact,
    version_key,
    CASE fact WHEN 'programme' THEN was ->> 'name' ELSE was ->> 'krw' END AS old,
    min(CASE fact WHEN 'programme' THEN becomes -> 'name' ELSE becomes -> 'krw' END) AS new,
    min(place) AS place
FROM named
WHERE place IS NOT NULL AND NOT silenced AND fact IN ('programme', 'amount')
GROUP BY ALL
HAVING old <> (new ->> '$');

UPDATE named SET
    place = coalesce(named.place, r.place),
    becomes = json_merge_patch(
        coalesce(named.becomes, named.was),
        json_object(CASE named.fact WHEN 'programme' THEN 'parent' ELSE 'programme' END, r.new)
    )
FROM renamed AS r
WHERE r.fact = 'programme'
    AND r.version_key = named.version_key
    AND r.old IN (named.was ->> 'programme', CASE named.fact WHEN 'programme' THEN named.was ->> 'parent' END)
    AND coalesce(named.becomes ->> 'programme', '') IN ('', r.old);
UPDATE named SET
    place = coalesce(named.place, r.place),
    becomes = json_merge_patch(
        coalesce(named.becomes, named.was),
        json_object(
            'programmes',
            list_transform(
                cast(coalesce(named.becomes, named.was) -> 'programmes' AS VARCHAR[]),
                LAMBDA name: replace_whole(name, r.old, r.new ->> '$')
            )
        )
    )
FROM renamed AS r
WHERE r.fact = 'programme'
    AND r.version_key = named.version_key
    AND named.fact = 'organisation'
    AND list_contains(cast(named.was -> 'programmes' AS VARCHAR[]), r.old);
UPDATE named SET
    place = coalesce(named.place, r.place),
    becomes = json_merge_patch(coalesce(named.becomes, named.was), json_object('part_of', r.new))
FROM renamed AS r
WHERE r.fact = 'amount'
    AND r.version_key = named.version_key
    AND named.fact = 'amount'
    AND (named.was ->> 'part_of') = r.old;
UPDATE named SET
    place = coalesce(named.place, r.place),
    becomes = json_merge_patch(coalesce(named.becomes, named.was), json_object('same_as', r.new))
FROM renamed AS r
WHERE r.fact = 'amount'
    AND r.version_key = named.version_key
    AND named.fact = 'amount'
    AND (named.was ->> 'same_as') = r.old;

-- What was read of a document that is about no public AI programme counts nowhere.
UPDATE named SET place = d.place, silenced = TRUE, becomes = named.was
FROM named AS d
WHERE d.fact = 'document'
    AND (d.becomes ->> 'relevant') = 'false'
    AND d.version_key = named.version_key
    AND named.fact <> 'document';

INSERT INTO fact_correction
SELECT
    n.fact_id,
    CASE n.fact WHEN 'document' THEN 'announcement_version' ELSE 'fact_' || n.fact END,
    n.announcement_key,
    n.version_key,
    n.place,
    n.silenced,
    n.was,
    n.becomes,
    concat_ws(
        ' ',
        e.corrected_on,
        e.corrected_by || ':',
        e.why,
        '(' || nullif(
            array_to_string(
                list_transform(
                    list_filter(
                        json_keys(n.was), LAMBDA k: (n.becomes ->> k) IS DISTINCT FROM (n.was ->> k)
                    ),
                    LAMBDA k: k || ' ' || coalesce(n.was ->> k, '-') || ' → ' || coalesce(n.becomes ->> k, '-')
                ),
                ', '
            ),
            ''
        ) || ')'
    )
FROM named AS n JOIN entry AS e USING (place);

DELETE FROM correction;
INSERT INTO correction
SELECT
    e.*,
    count(m.fact_id)
FROM entry AS e LEFT JOIN matched_fact AS m USING (place)
GROUP BY ALL;
