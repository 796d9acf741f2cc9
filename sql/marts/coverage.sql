-- 지역별 수집 범위와 수집 공백 | Sources and announcements of each region, how fresh they are, which facts they give, and what is missing
SELECT
    region,
    sources,
    sources_with_announcements,
    on_recorded_page,
    by_others_code,
    by_dossier,
    announcements,
    of_ai,
    newest,
    with_closing,
    with_amount,
    families,
    CASE
        WHEN sources_with_announcements = 0 THEN '수집된 공고 없음'
        WHEN of_ai = 0 THEN 'AI 사업 없음'
        WHEN newest IS NULL THEN '게시일 없음'
        WHEN newest < today_seoul() - 30 THEN '한 달 넘게 새 공고 없음'
        ELSE ''
    END AS hole
FROM coverage_count
