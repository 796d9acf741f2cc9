-- 지역별 수집 범위 | Coverage by region | Sources and announcements of each region, how fresh they are, and which facts they give; 수집공백 names what is missing
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
    hole
FROM coverage
ORDER BY sources_with_announcements, of_ai, region
