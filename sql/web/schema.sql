-- Every table and view with its columns and comments, for the browser of the console.
SELECT
    n.name,
    n.comment,
    list({ 'name': c.column_name, 'type': c.data_type, 'comment': c.comment } ORDER BY c.column_index) AS columns
FROM (
    SELECT
        table_name AS name,
        comment
    FROM duckdb_tables()
    WHERE NOT internal
    UNION ALL
    SELECT
        view_name,
        comment
    FROM duckdb_views()
    WHERE NOT internal
) AS n
JOIN duckdb_columns() AS c ON c.table_name = n.name AND NOT c.internal
GROUP BY ALL
ORDER BY n.name
