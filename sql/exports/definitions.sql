-- What is written as Parquet, and what each is made by: the version of the schema, and of a mart the fingerprint of its query.
SELECT
    t.name,
    concat_ws(
        ' ',
        (SELECT max(version) FROM schema_migration),
        (
            SELECT value::JSON ->> t.name FROM warehouse_state
            WHERE warehouse_state.name = 'mart_sql'
        )
    ) AS definition
FROM (
    SELECT table_name AS name FROM duckdb_tables()
    WHERE schema_name = 'main'
    UNION ALL
    SELECT 'current_announcement'
) AS t
ORDER BY t.name
