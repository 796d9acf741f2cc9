-- Small functions that loading, linking and marts share.
CREATE MACRO today_seoul() AS (now() AT TIME ZONE 'Asia/Seoul')::DATE;
CREATE MACRO sha_key(parts) AS substr(sha256(parts), 1, 20);
-- The plain value of a bare or an evidence-wrapped scalar of a record.
CREATE MACRO plain(j) AS CASE json_type(j) WHEN 'OBJECT' THEN coalesce(j->>'value', j->>'name') WHEN 'NULL' THEN NULL ELSE j->>'$' END;
CREATE MACRO entries(j) AS CASE json_type(j) WHEN 'ARRAY' THEN CAST(j AS JSON[]) ELSE CAST([] AS JSON[]) END;
-- Letters and digits only, lower case.
CREATE MACRO squash(name) AS lower(regexp_replace(nfc_normalize(coalesce(name, '')), '[^\p{L}\p{N}]+', '', 'g'));
CREATE MACRO organisation_norm(name) AS squash(regexp_replace(name, '\((주|재|사)\)|㈜|주식회사|재단법인|사단법인', '', 'g'));
CREATE MACRO programme_norm(name) AS coalesce(
    nullif(regexp_replace(regexp_replace(squash(name), '^(20\d\d년?(도)?|제?\d+(차|회|기|년도))+', ''), '(지원)?(사업)?(공고)?$', ''), ''),
    squash(name));
-- A title without the bracketed region that some portals put before it.
CREATE MACRO title_norm(title) AS squash(regexp_replace(title, '^\s*[\[【(][^\]】)]{1,12}[\]】)]\s*', ''));
