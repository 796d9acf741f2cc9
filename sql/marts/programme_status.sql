-- 사업마다 가장 최근에 알려진 유형과 상태 | Each programme with its latest known type and status, and the words that say so
-- table: programme_key of programme
SELECT * EXCLUDE (parent, announcement_key, source, first_seen_at, fact_id, outcome_quote)
FROM programme_document
QUALIFY row_number()
        OVER (PARTITION BY programme_key ORDER BY posted_on DESC NULLS LAST, first_seen_at DESC, fact_id)
    = 1
