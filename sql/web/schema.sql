-- Every table and view that people query with its columns and comments, for the console.
SELECT
    n.name,
    n.comment,
    list({ 'name': c.column_name, 'type': c.data_type, 'comment': c.comment } ORDER BY c.column_index) AS columns
FROM (
    SELECT
        table_name AS name,
        comment
    FROM duckdb_tables()
    WHERE NOT internal AND schema_name = 'main'
    UNION ALL
    SELECT
        view_name,
        comment
    FROM duckdb_views()
    WHERE NOT internal AND schema_name = 'main'
) AS n
JOIN duckdb_columns() AS c ON c.table_name = n.name AND c.schema_name = 'main' AND NOT c.internal
GROUP BY ALL
ORDER BY n.name
