-- One organisation for all its names. A short form belongs to the full name that most texts give it;
-- a short form that stands for different organisations equally often is linked to none. Bodies of governments have the
-- official names of the lexicon, whatever texts say.
DELETE FROM organisation;
DELETE FROM organisation_alias;

-- A name and an acronym that belong to two organisations, such as 한국과학기술연구원(KAIST): the acronym decides.
CREATE OR REPLACE TEMP TABLE known_organisation AS
SELECT
    k.j ->> 'name' AS name,
    organisation_norm(k.j ->> 'name') AS name_norm,
    organisation_norm(k.j ->> 'alias') AS alias_norm
FROM unnest(entries($known_organisations::JSON)) AS k (j);

DELETE FROM organisation_alias_conflict;
INSERT INTO organisation_alias_conflict
SELECT
    f.fact_id,
    f.name,
    min(f.alias),
    min(k.name)
FROM (
    SELECT
        fact_id,
        name,
        name_norm,
        unnest(aliases) AS alias
    FROM fact_organisation
) AS f
JOIN known_organisation AS k ON k.alias_norm = organisation_norm(f.alias) AND k.name_norm <> f.name_norm
WHERE regexp_full_match(f.alias, '[A-Za-z]{3,}') AND f.name_norm IN (SELECT name_norm FROM known_organisation)
GROUP BY f.fact_id, f.name
HAVING count(DISTINCT k.name) = 1;

CREATE OR REPLACE TEMP TABLE government AS
SELECT
    organisation_norm(g.j ->> 'name') AS alias_norm,
    min(g.j ->> 'name') AS alias,
    min(g.j ->> 'official') AS name,
    organisation_norm(min(g.j ->> 'official')) AS name_norm
FROM unnest(entries($government_names::JSON)) AS g (j)
GROUP BY alias_norm;

CREATE OR REPLACE TEMP TABLE written AS
SELECT
    f.name_norm,
    f.name,
    f.aliases
FROM fact_organisation AS f
ANTI JOIN organisation_alias_conflict AS s ON s.fact_id = f.fact_id
UNION ALL
SELECT
    organisation_norm(meant),
    meant,
    []
FROM organisation_alias_conflict;

CREATE OR REPLACE TEMP TABLE spelled AS
SELECT
    name_norm,
    name,
    count(*) AS times
FROM written
WHERE name_norm <> ''
GROUP BY ALL;

CREATE OR REPLACE TEMP TABLE alias_vote AS
SELECT
    organisation_norm(alias) AS alias_norm,
    min(alias) AS alias,
    name_norm,
    count(*) AS times
FROM (
    SELECT
        unnest(w.aliases) AS alias,
        coalesce(g.name_norm, w.name_norm) AS name_norm
    FROM written AS w LEFT JOIN government AS g ON g.alias_norm = w.name_norm
)
WHERE organisation_norm(alias) NOT IN ('', name_norm)
    AND organisation_norm(alias) NOT IN (SELECT alias_norm FROM government)
GROUP BY alias_norm, name_norm
QUALIFY times > coalesce(lead(times) OVER (PARTITION BY alias_norm ORDER BY times DESC, name_norm), 0)
    AND row_number() OVER (PARTITION BY alias_norm ORDER BY times DESC, name_norm) = 1;

-- One step only: a name that is itself a short form of a name which is no short form.
INSERT INTO organisation_alias
SELECT
    s.name_norm,
    arg_max(s.name, (s.times, s.name)),
    sha_key(coalesce(any_value(g.name_norm), any_value(a.name_norm), s.name_norm))
FROM spelled AS s
LEFT JOIN government AS g ON g.alias_norm = s.name_norm
LEFT JOIN alias_vote AS a ON a.alias_norm = s.name_norm AND a.name_norm NOT IN (SELECT alias_norm FROM alias_vote)
GROUP BY s.name_norm;
INSERT INTO organisation_alias
SELECT
    alias_norm,
    alias,
    sha_key(name_norm)
FROM government
WHERE alias_norm NOT IN (SELECT alias_norm FROM organisation_alias)
    AND sha_key(name_norm) IN (SELECT organisation_key FROM organisation_alias);
INSERT INTO organisation_alias
SELECT
    v.alias_norm,
    v.alias,
    o.organisation_key
FROM alias_vote AS v JOIN organisation_alias AS o ON o.alias_norm = v.name_norm
WHERE v.alias_norm NOT IN (SELECT alias_norm FROM organisation_alias);

INSERT INTO organisation
SELECT
    o.organisation_key,
    coalesce(any_value(g.name), arg_max(s.name, (sha_key(s.name_norm) = o.organisation_key, s.times, s.name))),
    sum(s.times)
FROM organisation_alias AS o
JOIN spelled AS s ON s.name_norm = o.alias_norm
LEFT JOIN (
    SELECT DISTINCT
        sha_key(name_norm) AS organisation_key,
        name
    FROM government
) AS g ON g.organisation_key = o.organisation_key
GROUP BY o.organisation_key;
