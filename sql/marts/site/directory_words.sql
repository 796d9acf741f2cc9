-- 찾기용: 사업과 기관의 이름 | The names of the programmes and bodies of a version, for searches
-- table
SELECT
    version_key,
    list(name ORDER BY name) AS names
FROM (
    SELECT
        version_key,
        name
    FROM fact_programme
    UNION
    SELECT
        version_key,
        name
    FROM fact_organisation
)
GROUP BY version_key
