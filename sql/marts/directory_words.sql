-- 찾기용 글: 사업과 기관의 이름 | The names of the programmes and bodies of a version, for searches
-- table
SELECT version_key, string_agg(name, ' ') AS names
FROM (SELECT version_key, name FROM fact_programme UNION ALL SELECT version_key, name FROM fact_organisation) GROUP BY version_key
