-- What every connection of the writer has: the rows that one of two tables has and the other has not.
CREATE TEMP MACRO differing(one, other) AS TABLE
    (
        FROM query_table(one)
        EXCEPT
        FROM query_table(other)
    )
    UNION ALL
    (
        FROM query_table(other)
        EXCEPT
        FROM query_table(one)
    );
