-- 지역별 수집 범위 | Coverage by region | Sources and announcements of each region, how fresh they are, and which facts they give; 빈틈 names what is missing
SELECT
    region AS 지역,
    sources AS 수집처,
    giving AS 수집된곳,
    announcements AS 공고,
    of_ai AS AI사업,
    newest AS 최신공고,
    with_closing AS 마감일비율,
    with_amount AS 금액비율,
    families AS 계열,
    hole AS 빈틈
FROM coverage
ORDER BY giving, of_ai, region
