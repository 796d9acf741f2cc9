-- Versions that earlier loads wrote, brought to what the load says of them today.
-- A first day after the last is not used; the fact keeps what the text says.
UPDATE announcement_version SET opens_on = NULL WHERE opens_on > closes_on;
-- A title that had the word for a cancellation before cancels nothing anew: what did change is said instead.
UPDATE announcement_version SET change_kind = n.change_kind
FROM (SELECT v.version_key, v.change_kind AS before, lag(v.title) OVER w AS title_before,
          CASE WHEN regexp_matches(v.title, '재\s*공고') AND NOT regexp_matches(lag(v.title) OVER w, '재\s*공고') THEN 'reannounced'
               WHEN v.closes_on > lag(v.closes_on) OVER w THEN 'extended' WHEN v.closes_on < lag(v.closes_on) OVER w THEN 'shortened'
               ELSE 'changed' END AS change_kind
      FROM announcement_version AS v SEMI JOIN (FROM announcement_version WHERE change_kind = 'cancelled') AS c USING (announcement_key)
      WINDOW w AS (PARTITION BY v.announcement_key ORDER BY v.valid_from, v.valid_to NULLS LAST)) AS n
WHERE n.version_key = announcement_version.version_key AND n.before = 'cancelled' AND regexp_matches(n.title_before, '취소');
