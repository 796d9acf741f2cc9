-- The tables and views with their comments, or the columns of one of them.
SELECT
    name,
    NULL AS type,
    comment
FROM (
    SELECT
        table_name AS name,
        comment
    FROM duckdb_tables()
    WHERE schema_name = 'main'
    UNION ALL
    SELECT
        view_name,
        comment
    FROM duckdb_views()
    WHERE NOT internal AND schema_name = 'main'
)
WHERE $table_name::VARCHAR IS NULL
UNION ALL
SELECT
    column_name,
    data_type,
    comment
FROM duckdb_columns()
WHERE schema_name = 'main' AND table_name = $table_name::VARCHAR
ORDER BY name
