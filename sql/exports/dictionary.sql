-- Tables, views and columns with their comments; a row without a column is the table itself.
SELECT *
FROM (
    SELECT
        table_name AS name,
        NULL AS column_name,
        NULL AS data_type,
        comment,
        -1 AS place
    FROM duckdb_tables()
    WHERE schema_name = 'main'
    UNION ALL
    SELECT
        view_name,
        NULL,
        NULL,
        comment,
        -1
    FROM duckdb_views()
    WHERE NOT internal AND schema_name = 'main'
    UNION ALL
    SELECT
        c.table_name,
        c.column_name,
        c.data_type,
        c.comment,
        c.column_index
    FROM duckdb_columns() AS c
    JOIN duckdb_tables() AS t USING (schema_name, table_name)
    WHERE c.schema_name = 'main'
)
ORDER BY name, place
