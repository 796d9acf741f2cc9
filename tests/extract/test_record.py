"""Whole records: our own sentences in, facts with valid evidence out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gonggo.extract import published, title
from gonggo.extract.doc import Doc
from gonggo.extract.record import extract
from gonggo.extract.record_types import Fact, FieldEvidence, evidences
from gonggo.read.files import from_bytes
from tests.read.office_files import hwpx, p, t, zipped

CALL = """경남 제조AI 실증 지원사업 참여기업 모집 공고
경상남도와 경남테크노파크는 제조 현장의 인공지능 전환을 돕기 위해 다음과 같이 참여기업을 모집 공고합니다.
□ 지원대상 : 경남 창원시 소재 중소기업 및 중견기업
□ 지원규모 : 총사업비 20억 원(국비 12억 원, 도비 8억 원), 8개사 내외
□ 지원금액 : 기업당 최대 2억 원
□ 접수기간 : 2026. 3. 4.(수) ~ 2026. 3. 20.(금) 18:00까지
□ 문의처 : 055-000-1234, ai@example.or.kr
"""


def proves(record):
    return all(
        isinstance(proof, FieldEvidence) or record.text[proof.start : proof.end] == proof.quote != ""
        for proof in evidences(record)
    )


def test_a_call_with_its_facts():
    record = extract(CALL, id="x")
    assert record.kind.value == "announcement"
    assert record.relevant.value is True
    assert "경남 창원시" in {r.name for r in record.regions}
    assert {a.krw: a.role for a in record.amounts} == {
        2_000_000_000: "total",
        1_200_000_000: "national",
        800_000_000: "local",
        200_000_000: "award_ceiling",
    }
    assert record.application.opens_at.value == "2026-03-04"
    assert record.application.closes_at.value == "2026-03-20T18:00"
    assert {o.name for o in record.organisations} >= {"경상남도", "경남테크노파크"}
    assert record.programmes[0].type == "demonstration"
    assert record.programmes[0].status == "open"
    assert {s.name for s in record.eligibility.company_sizes} >= {"small_medium", "midsize"}
    assert record.contact.emails[0].name == "ai@example.or.kr"
    assert proves(record)


@pytest.mark.parametrize(
    "text",
    [
        "고병원성 조류인플루엔자(AI)가 발생해 경기도는 방역대를 설정하고 가금 농가의 이동을 제한한다고 밝혔다. AI 차단 방역 사업을 지원한다.",
        "2026년 인공지능연구원 직원 채용 공고\n응시원서 접수 후 면접전형을 거쳐 AI 연구 인력을 뽑는다. 대전시 소재.",
        "코스닥 상장사 주가가 AI 기대감에 상한가를 기록했다. 증권사는 목표주가를 올렸다. 코스피도 올랐다.",
    ],
)
def test_other_ai_is_not_relevant_and_yields_nothing(text):
    record = extract(text, id="x")
    assert record.relevant.value is False
    assert record.amounts == record.regions == record.programmes == []


def test_a_column_only_proposes():
    text = "[칼럼] 전북의 피지컬AI, 이제는 도입이다\n전북도는 ‘피지컬AI 실증 사업’ 다음 단계로 공공 구매를 늘려야 한다. 인공지능 예산 100억원이 필요하다. 정부 지원도 있어야 한다."
    record = extract(text, id="x")
    assert record.kind.value == "opinion"
    assert {p.status for p in record.programmes} == {"proposed"}


def test_metadata_proves_with_its_field():
    fields = {
        "title": "부산 AI 바우처 지원사업 모집 공고",
        "closes_at": "2026-05-01",
        "agency": "부산광역시",
        "posted_on": "2026-04-01",
    }
    record = extract("첨부파일 참조. 인공지능 바우처를 지원하는 사업입니다.", id="x", fields=fields)
    assert record.application.closes_at == Fact("2026-05-01", FieldEvidence("closes_at", "2026-05-01"))
    assert record.published_on.evidence.field == "posted_on"
    assert {r.name for r in record.regions} == {"부산"}


@given(
    st.text(
        alphabet=st.sampled_from("0123456789억만원천백조.,~·'’년월일시( )AI인공지능사업지원부산시모집공고\n-:%개사명"),
        max_size=300,
    )
)
def test_no_text_breaks_it_and_every_fact_proves_itself(text):
    assert proves(extract("경남 인공지능 실증 사업 모집 공고\n" + text, id="x"))


TITLES = [
    ("[공고명] 가람 AI 바우처 참여기업 모집\n[요약] 지원한다", "가람 AI 바우처 참여기업 모집"),
    ("공 고 명 : 가람 AI 바우처 참여기업 모집\n□ 지원대상", "가람 AI 바우처 참여기업 모집"),
    ('"가람시, AI 도입 기업 백 곳 돕는다" - 시비 10억 원 투입\n가람시는', "가람시, AI 도입 기업 백 곳 돕는다"),
    (
        "가람시 공고 제2026-12호\n2026년 가람 AI 바우처\n참여기업 모집 공고\n2026년 3월 2일",
        "2026년 가람 AI 바우처 참여기업 모집 공고",
    ),
    (
        "2026년 가람 AI 바우처 참여기업 모집 공고\n(3차 추가 모집)\n□ 지원대상",
        "2026년 가람 AI 바우처 참여기업 모집 공고 (3차 추가 모집)",
    ),
    ("# 가람 AI 바우처 안내 |\n본문", "가람 AI 바우처 안내"),
    ("2026년 가람 AI 바우처 사업 > 가람일보\n가람시는 사업을 시작했다.", "2026년 가람 AI 바우처 사업"),
    (
        "입력 2026-03-02\n가람시 AI 바우처로 기업 돕는다\n가람시는 AI 사업을 시작했다고 밝혔다.",
        "가람시 AI 바우처로 기업 돕는다",
    ),
    ("가람시는 AI 사업을 시작했다고 밝혔다. 기업이 반긴다.", None),
    ("짧은 글\n가람시는 시작했다.", None),
    ("AI 제품을 보유한 도내 스타트업\n(1) 도에 공장을 둔 기업", None),
    ("![image 1](<양식_images/1.png>)\n\n## 2026 가람 AI 프로젝트\n\n가람 AI 개발", "2026 가람 AI 프로젝트"),
    (
        "나루 스타트업 프로젝트\n\n# 모두의 가람 AI 참여기업 모집공고\n본문",
        "모두의 가람 AI 참여기업 모집공고",
    ),
    (
        "### 『2026년 가람 혁신 프로젝트』\n\n# AI 공정 지원사업 모집 공고\n본문",
        "『2026년 가람 혁신 프로젝트』 AI 공정 지원사업 모집 공고",
    ),
    (
        "검색어를 입력하세요 구독 제보\n가람시, AI 실증 기업 12개사 확정\n\n가람시는 AI 실증에 참여할 기업 12곳을 확정했다.",
        "가람시, AI 실증 기업 12개사 확정",
    ),
    (
        "제조데이터로 공장 살린다… 가람·나루에\n‘AI 거점’ 선정\n\n가람부는 정했다.",
        "제조데이터로 공장 살린다… 가람·나루에 ‘AI 거점’ 선정",
    ),
    (
        "가람 기업 AI 활용 실태조사 결과\n\n2026년 2월 26일\n가람 기업은 AI를 활용했다.",
        "가람 기업 AI 활용 실태조사 결과",
    ),
    ("가람 제조업에 AI 기술주치의를\n\n가람에는 AI를 쓰는 제조업이 적다.", "가람 제조업에 AI 기술주치의를"),
    ("## 참여 혜택\n## 진행 절차 안내도\n# 2026년 가람 AI 컨설팅\n본문", "2026년 가람 AI 컨설팅"),
    ("- 가람시, AI 혁신에 손잡다 -\n\n가람시는 손을 잡았다.", "가람시, AI 혁신에 손잡다"),
    (
        "가람테크노파크 > 알림마당 > 사업공고\n글번호 7 | 조회수 68\n\n2026년 가람 AI 지원 안내\n본문",
        "2026년 가람 AI 지원 안내",
    ),
    (
        "가람시 보도자료 (2026.9.23)\n매수 3 · 사진 유\nAI산업과 과장 가나다 (☎000-000-0000)\n\n가람시, AI 기금 100억 원 조성 완료\n가람시는 AI 기금을 조성했다.",
        "가람시, AI 기금 100억 원 조성 완료",
    ),
    (
        "가람시 보도자료\n| 담당부서 | 경제실 AI산업과 | AI산업과장 | 가나다 |\n\n가람시, AI 신기술 시청에서 시험\n시청에서 신기술을 시험한다.",
        "가람시, AI 신기술 시청에서 시험",
    ),
    (
        "미래부\n보도자료\n배 포 일 | 2026. 2. 3.(화)\n\n전국 10곳에 AI 이음터\n미래부는 이음터를 정했다.",
        "전국 10곳에 AI 이음터",
    ),
    (
        "“코딩 몰라도 로봇 가르친다”\n가람대 AI 과정 1년, 412명 길러\n\n가람대는 과정을 마쳤다.",
        "“코딩 몰라도 로봇 가르친다” 가람대 AI 과정 1년, 412명 길러",
    ),
    (
        "“머문 시간을 세는 AI가 필요합니다”\n[만나봅시다] 가람관광공사 데이터그룹장\n\n가람 관광은 바뀐다.",
        "“머문 시간을 세는 AI가 필요합니다”",
    ),
    ("2026년 가람 AI 바우처 모집 공고 | 기업지원 알림마당\n본문", "2026년 가람 AI 바우처 모집 공고"),
]


@pytest.mark.parametrize(("text", "phrase"), TITLES)
def test_the_title_of_a_document_is_what_stands_over_it(text, phrase):
    result = title.find(Doc("x", text))
    assert (result and result.value) == phrase
    if result:
        evidence = result.evidence
        assert text[evidence.start : evidence.end] == evidence.quote


@pytest.mark.parametrize("name", ["공고문.hwpx", "공고문", "[붙임] 2026년 공고(최종).hwpx"])
def test_a_zip_has_the_title_and_window_of_its_notice_and_nothing_of_its_forms(name):
    title = "하늘군 녹차 인공지능 실증 지원사업 공고"
    call = "경상남도 하늘군의 농가가 인공지능(AI)을 도입하도록 지원합니다."
    notice = hwpx("".join(p(t(line)) for line in (title, call, "접수기간: 2026. 11. 9. ~ 2026. 12. 4.")))
    form = hwpx(
        "".join(p(t(line)) for line in ("참여 신청서", "신청기간: 2025. 1. 1. ~ 2025. 2. 1.", "총사업비: 9억원"))
    )
    for files in ({"신청서 양식.hwpx": form, name: notice}, {"묶음.zip": zipped({name: notice}), "서식.hwpx": form}):
        record = extract(from_bytes(zipped(files)).text, id="x")
        assert record.title.value == title
        assert [end.value for end in (record.application.opens_at, record.application.closes_at)] == [
            "2026-11-09",
            "2026-12-04",
        ]
        assert record.amounts == []


@pytest.mark.parametrize(("lines", "day"), [(44, "2026-03-02"), (45, "2026-04-09")])
def test_a_day_signed_at_the_beginning_of_a_notice_goes_before_one_at_its_end(lines, day):
    text = "나래 안내\n" * lines + "2026년 3월 2일\n가람시장\n" + "나래 안내\n" * 5 + "2026년 4월 9일\n가람시장\n"
    assert published.find(Doc("x", text)).value == day


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "홈 > 알림마당\n공지사항\n글번호 12 조회수 5\n2026년 AI 이용권 참여기업 모집 공고\n작성일 2026-02-10",
            "2026년 AI 이용권 참여기업 모집 공고",
        ),
        (
            "2026.03.10 (화)\n맑음서울 8.0℃\n기상청 제공\n사회\n가람시, 나린대와 AI 협약\n가람시는 나린대와 협약을 맺었다.",
            "가람시, 나린대와 AI 협약",
        ),
        (
            "AI로 공장 바꾼다…가람부, 수행기관 찾는다\nAI 활성화사업 수행기관 모집\n가람부는 수행기관을 모집한다고 12일 밝혔다.",
            "AI로 공장 바꾼다…가람부, 수행기관 찾는다",
        ),
        ("가람시, AI 실증 착수 - 가람매일신문\n가람시는 AI 실증에 들어간다고 밝혔다.", "가람시, AI 실증 착수"),
        (
            "▲ 협약을 맺고 있다. <사진=가람시>\n가람시 AI 협약 체결\n가람시는 AI 협약을 체결했다고 밝혔다.",
            "가람시 AI 협약 체결",
        ),
        (
            "가람매일\n가람 조선소에 AI 로봇 40대\n최종수정 2026.04.02 오후 3:40\n박하늘 기자\n가람시는 조선소에 AI 로봇 40대를 들였다.",
            "가람 조선소에 AI 로봇 40대",
        ),
    ],
)
def test_what_a_page_puts_around_a_headline_is_no_title(text, expected):
    assert title.find(Doc("x", text)).value == expected


@pytest.mark.parametrize(
    "text",
    [
        "가람시, AI 실증 착수\n송고시간 2026년 05월 20일 10:22\n가람시는 AI 실증에 들어간다.",
        "가람시, AI 실증 착수\n2022.08.01 00:00 기준\n가람신문 2026-05-20 18:17:10 신고\n가람시는 AI 실증에 들어간다.",
    ],
)
def test_the_day_of_an_article_stands_beside_when_it_was_sent(text):
    assert published.find(Doc("x", text)).value == "2026-05-20"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "가람시, 제조 AI\n실증사업 본격 시작\n\n가람시는 제조 AI 실증사업을 시작한다고 밝혔다. 40억 원을 쓴다.",
            "가람시, 제조 AI 실증사업 본격 시작",
        ),
        (
            "가람시, 제조 AI 실증사업 시작\n기업 20곳 지원\n\n가람시는 제조 AI 실증사업을 시작한다고 밝혔다.",
            "가람시, 제조 AI 실증사업 시작",
        ),
        ("[붙임 1] 공고문\n가람 제조 AI 실증사업 참여기업 모집\n모집합니다.", "가람 제조 AI 실증사업 참여기업 모집"),
        ("공 고\n가람 제조 AI 실증사업 참여기업 추가 모집\n모집합니다.", "가람 제조 AI 실증사업 참여기업 추가 모집"),
        (
            "홈 > 알림마당 > 사업공고\n[가람원] 제조 AI 실증사업 참여기업 모집(~3/31)\n모집합니다.",
            "[가람원] 제조 AI 실증사업 참여기업 모집(~3/31)",
        ),
        (
            "가람원 공고 제2026-7호\n## 가람 AI 기기 실증사업\n\n## 2차년도(2026년) 참여기업 모집 공고\n모집합니다.",
            "가람 AI 기기 실증사업 2차년도(2026년) 참여기업 모집 공고",
        ),
        (
            "# 가람 혁신 테크노파크\n# 2026년 나루 AI 점검 지원사업 참여기업 모집 공고\n모집합니다.",
            "2026년 나루 AI 점검 지원사업 참여기업 모집 공고",
        ),
        ("# 가람 AI 혁신센터\n# 입주기업 모집 공고\n모집합니다.", "가람 AI 혁신센터 입주기업 모집 공고"),
        (
            "가람원 공고 제2026-7호\n\n|2026 가람 AI 로봇 개방혁신<br><br>참여기업 모집 공고|\n|---|\n모집합니다.",
            "2026 가람 AI 로봇 개방혁신 참여기업 모집 공고",
        ),
        (
            "|2026년 4월 2일 가람부장관<br><br>가람 AI 기관 지정 공고|\n|---|\n지정합니다.",
            "가람 AI 기관 지정 공고",
        ),
        (
            "# 「가람 AI 관제」 사업자 모집 재공고「가람 AI 관제」 사업자 모집 재공고\n모집합니다.",
            "「가람 AI 관제」 사업자 모집 재공고",
        ),
        (
            "|- 2026년 가람 마을 사업 -<br>「가람 AI 관제」<br>사업자 모집 재공고|\n|---|\n모집합니다.",
            "2026년 가람 마을 사업 - 「가람 AI 관제」 사업자 모집 재공고",
        ),
        ("[기고] 공장에 AI를 심자\n김하나 가람대 교수\n공장에 AI를 심어야 한다.", "[기고] 공장에 AI를 심자"),
    ],
)
def test_a_title_is_whole_and_no_label_of_the_page(text, expected):
    assert title.find(Doc("x", text)).value == expected
