-- 공고 찾기, 조사와 띄어쓰기에 매이지 않음: FROM search('자율제조 창원') | Calls and articles in which every word occurs, whatever particle follows and however it is spaced; the best first
CREATE OR REPLACE MACRO search(words) AS TABLE
WITH asked AS (
    SELECT list_filter(list_transform(string_split_regex(trim(words), '\s+'), lambda w: search_form(w)), lambda w: w <> '') AS terms
), read AS (
    SELECT v.version_key, v.announcement_key, v.text, search_form(v.title) AS title_form, search_form(coalesce(v.text, '')) AS text_form
    FROM announcement_version AS v
    -- The first word as a pattern, letter by letter, sorts most texts out before any is brought into its form, which costs twenty times as much.
    WHERE v.is_current AND regexp_matches(
        concat(v.title, chr(10), v.text),
        regexp_replace(search_form(string_split_regex(trim(words), '\s+')[1]), '(.)', '\\Q\1\\E *', 'g'), 'i'
    )
), found AS (
    -- Texts end here: sorted and joined are only the words around.
    SELECT r.announcement_key, substr(r.text, greatest(strpos(lower(r.text), a.terms[1]) - 40, 1), 120) AS around,
        len(list_filter(a.terms, lambda w: contains(r.title_form, w))) AS in_title,
        list_sum(list_transform(a.terms, lambda w: (length(r.text_form) - length(replace(r.text_form, w, ''))) / length(w))) AS times
    FROM read AS r, asked AS a
    WHERE len(a.terms) > 0 AND len(list_filter(a.terms, lambda w: NOT contains(r.title_form, w) AND NOT contains(r.text_form, w))) = 0
)
SELECT c.announcement_key, c.title, c.kind, c.status, c.closes_on, c.sidos, c.posted_on, c.source, c.url,
    round(4 * f.in_title + ln(1 + f.times), 2) AS score,
    f.around
FROM found AS f JOIN current_announcement AS c USING (announcement_key)
ORDER BY score DESC, c.posted_on DESC NULLS LAST, c.announcement_key;
