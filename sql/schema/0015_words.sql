-- Words that several marts and reports share: what the purses are called, and where an announcement is that names several places or none.
CREATE MACRO purse_name(role) AS
    CASE role WHEN 'total' THEN '총사업비' WHEN 'national' THEN '국비' WHEN 'local' THEN '지방비' WHEN 'private' THEN '민자' ELSE '연간' END;
CREATE MACRO one_region(sidos) AS CASE len(sidos) WHEN 0 THEN '미상' WHEN 1 THEN sidos[1] ELSE '여러 시도' END;
CREATE MACRO every_region(sidos) AS CASE len(sidos) WHEN 0 THEN ['미상'] ELSE sidos END;
