-- Columns, tables and macros by the standard names of what they hold; and a schema for the tables that only the site reads.
CREATE SCHEMA IF NOT EXISTS site;
ALTER TABLE listing RENAME COLUMN net TO prefilter;
ALTER TABLE organisation_slip RENAME TO organisation_alias_conflict;
DROP MACRO purse_name;
CREATE MACRO funding_source_name(role) AS
    CASE role WHEN 'total' THEN '총사업비' WHEN 'national' THEN '국비' WHEN 'local' THEN '지방비' WHEN 'private' THEN '민자' WHEN 'annual' THEN '연간'
        WHEN 'award_ceiling' THEN '지원 한도' WHEN 'award_amount' THEN '지원금' ELSE '그 밖' END;
