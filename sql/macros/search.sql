-- 공고 찾기, 조사와 띄어쓰기와 같은 뜻의 다른 이름에 매이지 않음: FROM search('자율제조 창원') | Calls and articles in which every word occurs, whatever particle follows, however it is spaced, and under whichever of its names; the best first
CREATE OR REPLACE MACRO search(words) AS TABLE
    WITH found AS (
        -- Texts end here: sorted and joined are only the words around.
        SELECT
            v.announcement_key,
            substr(v.text, greatest(strpos(v.text, regexp_extract(v.text, search_any(words), 0, 'i')) - 40, 1), 120)
                AS around,
            least(
                len(regexp_extract_all(v.title, search_any(words), 0, 'i')), len(string_split_regex(trim(words), '\s+'))
            ) AS in_title,
            len(regexp_extract_all(v.text, search_any(words), 0, 'i')) AS times
        FROM announcement_version AS v
        WHERE v.is_current AND trim(words) <> '' AND search_hit(concat(v.title, chr(10), v.text), words)
    )

    SELECT
        c.announcement_key,
        c.title,
        c.kind,
        c.status,
        c.closes_on,
        c.sidos,
        c.posted_on,
        c.source,
        c.url,
        round(4 * f.in_title + ln(1 + coalesce(f.times, 0)), 2) AS score,
        f.around
    FROM found AS f JOIN current_announcement AS c USING (announcement_key)
    ORDER BY score DESC, c.posted_on DESC NULLS LAST, c.announcement_key;
