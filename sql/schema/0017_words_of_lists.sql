-- Every role of money has its own name; and how words are compared in searches: small letters, composed syllables, no spaces.
CREATE OR REPLACE MACRO purse_name(role) AS
    CASE role WHEN 'total' THEN '총사업비' WHEN 'national' THEN '국비' WHEN 'local' THEN '지방비' WHEN 'private' THEN '민자' WHEN 'annual' THEN '연간'
        WHEN 'award_ceiling' THEN '지원 한도' WHEN 'award_amount' THEN '지원금' ELSE '그 밖' END;
CREATE OR REPLACE MACRO search_form(words) AS replace(lower(nfc_normalize(words)), ' ', '');
