-- 그날 끝(서울)에 알려져 있던 공고의 판: FROM as_of('2026-03-01') | The versions as they were known at the end of a day in Seoul, with their status on that day
CREATE OR REPLACE MACRO as_of(day) AS TABLE
    SELECT
        a.source,
        a.native_id,
        a.url,
        a.notice_key,
        v.* EXCLUDE (text, is_current),
        status_on(
            is_cancelled(v.change_kind, v.title),
            v.opens_on,
            v.closes_on,
            CASE WHEN v.kind = 'announcement' AND is_no_call(v.title) THEN 'no call' ELSE v.closes_kind END,
            NULL,
            day::DATE
        ) AS status
    FROM announcement_version AS v JOIN announcement AS a USING (announcement_key)
    WHERE v.valid_from < (day::DATE + 1)::TIMESTAMP AT TIME ZONE 'Asia/Seoul'
        AND (v.valid_to IS NULL OR v.valid_to >= (day::DATE + 1)::TIMESTAMP AT TIME ZONE 'Asia/Seoul');
