-- 검색어가 있는 색인 번호와 점수 | Documents of the index with the rarest word of a search, or one of the `rare` rarest: how many of all its words they have, and a score (BM25 over stretches of letters, for texts of 400 words). Where very many have them, only the `most` that have them oftenest are looked at
CREATE OR REPLACE MACRO search_scores(words, rare, most) AS TABLE
    WITH stretch AS MATERIALIZED (FROM search_stretches(words)),

    -- A name of two stretches counts by how it begins.
    frequency AS MATERIALIZED (
        SELECT
            s.term,
            count(*) AS times
        FROM site.search_posting AS p
        JOIN stretch AS s ON s.gram = p.gram AND p.rest >= s.low AND p.rest <= s.high
        ANTI JOIN site.search_removed AS r USING (doc)
        WHERE (s.bits & 1537228672809129301) <> 0
        GROUP BY s.term
    ),

    rarest AS MATERIALIZED (
        SELECT term FROM frequency
        ORDER BY times, term
        LIMIT rare
    ),

    seed AS MATERIALIZED (SELECT s.* FROM stretch AS s SEMI JOIN rarest AS r USING (term)),

    other AS MATERIALIZED (SELECT s.* FROM stretch AS s ANTI JOIN rarest AS r USING (term)),

    candidate AS MATERIALIZED (
        SELECT
            s.term,
            p.doc,
            sum(p.weight)::INTEGER AS weight
        FROM site.search_posting AS p
        JOIN seed AS s ON s.gram = p.gram AND p.rest >= s.low AND p.rest <= s.high
        ANTI JOIN site.search_removed AS r USING (doc)
        GROUP BY s.term, p.doc
        -- Both stretches of a name are there.
        HAVING (bit_or(s.bits) & (bit_or(s.bits) >> 1) & 1537228672809129301) <> 0
        ORDER BY weight DESC, p.doc
        LIMIT most
    ),

    matching AS (
        FROM candidate
        UNION ALL
        SELECT
            s.term,
            p.doc,
            sum(p.weight)::INTEGER AS weight
        FROM site.search_posting AS p
        JOIN other AS s ON s.gram = p.gram AND p.rest >= s.low AND p.rest <= s.high
        SEMI JOIN candidate AS c USING (doc)
        GROUP BY s.term, p.doc
        HAVING (bit_or(s.bits) & (bit_or(s.bits) >> 1) & 1537228672809129301) <> 0
    )

    SELECT
        f.doc,
        count(*) AS words_found,
        (SELECT count(DISTINCT term) FROM stretch) AS words_asked,
        round(sum(ln(1 + n.documents / t.times) * f.weight / (f.weight + 9.6)), 3) AS score
    FROM matching AS f
    JOIN frequency AS t USING (term)
    CROSS JOIN (SELECT count(*) AS documents FROM site.search_document) AS n
    GROUP BY f.doc;
-- 검색어가 모두 나오는 공고와 점수: FROM search_hits('자율제조 창원') | Announcements in which every word of a search occurs, and a score
CREATE OR REPLACE MACRO search_hits(words) AS TABLE
    SELECT
        d.announcement_key,
        h.score
    FROM search_scores(words, 1, 1000000000) AS h JOIN site.search_document AS d USING (doc)
    WHERE h.words_found = h.words_asked;
-- 검색어 앞뒤의 본문(어절 단위), 검색어는 두 표시 사이에: search_snippet(text, search_marks('창원'), '«', '»') | The whole words around the first that matches a pattern, with every match between two marks
CREATE OR REPLACE MACRO search_snippet(content, pattern, opening, closing) AS regexp_replace(
    regexp_replace(
        regexp_replace(
            list_transform(
                [strpos(content, regexp_extract(content, pattern, 0, 'i'))],
                -- One letter more on either side tells a word that is cut from one that ends there.
                LAMBDA place: concat(
                    if(
                        place <= 41,
                        substr(content, 1, greatest(place - 1, 0)),
                        regexp_replace(substr(content, place - 41, 41), '^[^\s\pZ]*[\s\pZ]+', '')
                    ),
                    substr(content, place, 80),
                    if(
                        length(content) < place + 120,
                        substr(content, place + 80),
                        regexp_replace(substr(content, place + 80, 41), '[\s\pZ]+[^\s\pZ]*$', '')
                    )
                )
            )[1],
            '[\s\pC]+', ' ', 'g'
        ),
        '(' || pattern || ')', opening || '\1' || closing, 'gi'
    ),
    ' ' || closing, closing || ' ', 'g'
);
-- 공고 검색(조사, 띄어쓰기, 동의어 차이 무시): FROM search('자율제조 창원') | Calls and articles in which every word occurs, whatever particle follows, however it is spaced, and under whichever of its names, the best first; those with most of the words if none has all. At most `most` rows
CREATE OR REPLACE MACRO search(words, most := 100) AS TABLE
    WITH hit AS MATERIALIZED (FROM search_scores(words, 2, 50000)),

    best AS (
        FROM hit
        WHERE words_found = (SELECT max(words_found) FROM hit) AND 2 * words_found >= words_asked
        ORDER BY score DESC, doc
        LIMIT most
    ),

    mark AS MATERIALIZED (SELECT search_marks(words) AS pattern)

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
        b.score,
        b.words_found,
        b.words_asked,
        search_snippet(v.text, m.pattern, '«', '»') AS snippet
    FROM best AS b
    CROSS JOIN mark AS m
    JOIN site.search_document AS d USING (doc)
    JOIN current_announcement AS c USING (announcement_key)
    JOIN announcement_version AS v ON v.version_key = d.version_key
    ORDER BY b.score DESC, c.posted_on DESC NULLS LAST, c.announcement_key;
