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
    UNION ALL
    SELECT
        view_name,
        NULL,
        NULL,
        comment,
        -1
    FROM duckdb_views()
    WHERE NOT internal
    UNION ALL
    SELECT
        c.table_name,
        c.column_name,
        c.data_type,
        c.comment,
        c.column_index
    FROM duckdb_columns() AS c
    JOIN duckdb_tables() AS t USING (table_name)
)
ORDER BY name, place
