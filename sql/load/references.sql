-- Regions and sources as their data files say today.
DELETE FROM region;
INSERT INTO region
SELECT
    code,
    iso,
    name_ko,
    short,
    name_en,
    parent,
    aliases,
    try_cast(valid_from AS DATE),
    try_cast(valid_to AS DATE),
    successor
FROM read_csv($regions, header = TRUE, all_varchar = TRUE);

DELETE FROM source;
INSERT INTO source
SELECT
    s.j ->> 'source',
    s.j ->> 'name_ko',
    s.j ->> 'name_en',
    s.j ->> 'operator',
    s.j ->> 'region',
    s.j ->> 'home',
    s.j ->> 'family',
    s.j ->> 'proven',
    s.j ->> 'recorded_in'
FROM unnest(entries($sites::JSON)) AS s (j);

DELETE FROM place;
INSERT INTO place
SELECT
    p.j ->> 'name',
    p.j ->> 'region'
FROM unnest(entries($landmarks::JSON)) AS p (j);
