//! What the rules do to Korean text, case by case.

use std::borrow::Cow;

use proptest::prelude::*;

use super::markdown_marks::looks_like_markdown;
use super::{control_characters, duplicates, hangul_share, html, length, markdown, nfc, whitespace};

type Rewrite = fn(&str) -> Cow<'_, str>;

fn check(rewrite: Rewrite, cases: &[(&str, &str)]) {
    for (before, after) in cases {
        assert_eq!(rewrite(before), *after, "{before:?}");
    }
}

#[test]
fn hangul_is_composed() {
    check(
        nfc::normalize,
        &[
            ("\u{1112}\u{1161}\u{11ab}\u{1100}\u{1173}\u{11af}", "한글"),
            ("e\u{301}", "é"),
            ("이미 한글 ㅋㅋ", "이미 한글 ㅋㅋ"),
        ],
    );
}

#[test]
fn characters_that_nobody_sees_are_removed() {
    check(
        control_characters::remove,
        &[
            ("가\u{200b}나\u{feff}다\0라", "가나다라"),
            ("줄\r\n줄\r줄\u{2028}줄", "줄\n줄\n줄\n줄"),
            ("탭\t과 줄\n", "탭\t과 줄\n"),
            ("👩\u{200d}👧", "👩\u{200d}👧"),
            ("가\u{200d}나", "가나"),
            ("\u{202e}거꾸로\u{202c}", "거꾸로"),
        ],
    );
}

#[test]
fn whitespace_is_evened_out() {
    check(
        whitespace::normalize,
        &[
            ("  앞과   뒤 \n\n\n\n 다음\u{3000}칸\u{a0}\t칸  \n", "앞과 뒤\n\n다음 칸 칸"),
            ("한 줄\n두 줄", "한 줄\n두 줄"),
            (" \n \n", ""),
            ("가 \n \n 나", "가\n\n나"),
        ],
    );
}

#[test]
fn html_goes_and_what_a_reader_sees_stays() {
    check(
        html::remove,
        &[
            ("<p>안녕, <b>세상</b>!</p><p>또 봐요.</p>", "안녕, 세상!\n\n또 봐요.\n\n"),
            ("첫 줄<br>둘째 줄<br/>셋째", "첫 줄\n둘째 줄\n셋째"),
            ("a < b 이고 c > d", "a < b 이고 c > d"),
            ("사랑해 <3 진짜", "사랑해 <3 진짜"),
            ("영화 <기생충>을 봤다", "영화 <기생충>을 봤다"),
            ("<개정 2020. 12. 8.>", "<개정 2020. 12. 8.>"),
            ("Vec<T>와 Option<u8>", "Vec<T>와 Option<u8>"),
            (
                "&lt;b&gt; 태그 &amp; &quot;인용&quot; &#44032;&#xAC01; &nbsp;끝",
                "<b> 태그 & \"인용\" 가각  끝",
            ),
            ("R&D와 A&B;", "R&D와 A&B;"),
            ("앞<!-- 숨은 <b> 말 -->뒤", "앞뒤"),
            ("앞<script>if (a < b) { x(\"</p>\") }</script>뒤", "앞\n뒤"),
            ("앞<script>{\"a\": \"`<b>` `x`\"}</script>뒤 `<i>`", "앞\n뒤 `<i>`"),
            ("<style>p { color: red }</style>글", "글"),
            ("<nav><ul><li>메뉴</li></ul></nav>본문", "본문"),
            ("<nav>닫지 않은 메뉴", "닫지 않은 메뉴"),
            ("<a href=\"x?a>b\" title='<'>링크</a>로", "링크로"),
            (
                "<table><tr><td>이름</td><td>나이</td></tr><tr><td>민수</td><td>7</td></tr></table>",
                "이름\t나이\t\n민수\t7\t\n\n",
            ),
            ("<b 그리고 <i>기울임</i>", "<b 그리고 기울임"),
            ("끝없는 <!-- 주석", "끝없는 <!-- 주석"),
            ("`<div>`는 블록이다", "`<div>`는 블록이다"),
            ("```html\n<p>코드</p>\n```\n<p>글</p>", "```html\n<p>코드</p>\n```\n\n글\n\n"),
            ("<my-widget>안</my-widget>", "안"),
            ("나&#8203;&shy;가", "나가"),
            ("<!DOCTYPE html><html><body>글</body></html>", "글\n"),
        ],
    );
}

#[test]
fn plain_korean_is_not_markdown() {
    let plain = [
        "정말 재밌다 ㅠ_ㅠ 다시 보고 싶다 ㅠ_ㅠ",
        "^^* 안녕하세요 *^^*",
        "★★★★★ 최고!",
        "안녕~~ 반가워~~",
        "#해시태그 #맛집 #서울",
        "1. 첫째는 사랑\n2. 둘째는 믿음",
        "- 네, 그렇습니다.\n- 아니요.",
        "> 따옴표 하나",
        "---",
        "그는 말했다.\n---\n다음 날",
        "*주의* 사항",
        "별점 **** 네 개",
        "2 * 3 * 4 = 24",
        "변수 my_long_name_here",
        "[속보] 오늘의 소식",
        "[사진] (서울=뉴스)",
        "가격: 1,000원 | 2,000원",
        "A | B",
        "제1조(목적) 이 법은 <개정 2020. 1. 1.> 다음과 같다.\n① 하나\n② 둘",
        "(웃음) ㅋㅋㅋㅋ!!!! -_-;;",
        "# 1위!",
        "#1 최고의 영화",
        "＊참고＊",
        "이메일: a_b_c@example.com",
        "http://example.com/a_b_c",
        "`따옴표`",
        "**강조** 하나",
        "탭\t으로\t나눔",
        "=====",
        "주석: [1] 참고",
        "함수 f(x)[0](1)",
        "",
    ];
    for text in plain {
        assert!(!looks_like_markdown(text), "{text:?}");
        assert_eq!(markdown::remove(text), text);
    }
}

#[test]
fn markdown_is_recognised() {
    let documents = [
        "# 제목\n\n본문입니다.",
        "---\ntitle: 글\ndate: 2024\n---\n본문",
        "자세한 것은 [여기](https://example.com)를 보라.",
        "![그림](a.png)",
        "| 가 | 나 |\n|---|---|\n| 1 | 2 |",
        "설명\n\n```rust\nfn main() {}\n```\n",
        "**굵게** 그리고 `코드`\n\n> 인용\n",
        "제목\n====\n\n`a`와 **b**",
        "- 하나\n- 둘\n- 셋\n\n**굵게**, `코드`",
        "## 소유권이란?\n러스트의 핵심이다.",
    ];
    for text in documents {
        assert!(looks_like_markdown(text), "{text:?}");
    }
}

#[test]
fn markdown_marks_go_and_sentences_stay() {
    check(
        markdown::remove,
        &[
            ("# 제목\n\n본문입니다.", "제목\n\n본문입니다."),
            (
                "# 큰 제목 {#id}\n\n`코드`와 **굵은** _글씨_, *기울임*!",
                "큰 제목\n\n코드와 굵은 글씨, 기울임!",
            ),
            ("# 가\n\n**\"인용\"**은 **(괄호)**다. 2 ** 3", "가\n\n\"인용\"은 (괄호)다. 2 ** 3"),
            ("자세한 것은 [여기](https://example.com/a_(b))를 보라.", "자세한 것은 여기를 보라."),
            ("# 가\n\n![그림](a.png)\n\n글 ![](b.png)끝", "가\n\n글 끝"),
            ("# 목록\n\n- 하나\n- 둘\n  - 둘의 하나\n\n끝", "목록\n\n하나\n둘\n둘의 하나\n\n끝"),
            ("# 순서\n\n1. 첫째\n2. 둘째\n\n끝", "순서\n\n1. 첫째\n2. 둘째\n\n끝"),
            ("# 날짜\n\n2020. 3. 4. 시행한다.", "날짜\n\n2020. 3. 4. 시행한다."),
            ("| 이름 | 나이 |\n|---|:-:|\n| 민수 | **7** |\n\n끝", "이름\t나이\n민수\t7\n\n끝"),
            ("# 코드\n\n```rust\nfn main() { println!(\"x\"); }\n```\n\n끝", "코드\n\n끝"),
            (
                "# 시\n\n```\n나 보기가 역겨워\n가실 때에는\n```\n\n끝",
                "시\n\n나 보기가 역겨워\n가실 때에는\n\n끝",
            ),
            ("---\ntitle: 글\n---\n\n본문", "본문"),
            (
                "# 가\n\n이 문장은\n이어진다. 여기서 끝.\n다음 문장.",
                "가\n\n이 문장은 이어진다. 여기서 끝.\n다음 문장.",
            ),
            (
                "# 가\n\n다음 각 호와 같다\n1\\. 하나의 것\n가\\. 그 목\n2\\. 둘의 것",
                "가\n\n다음 각 호와 같다\n1. 하나의 것\n가. 그 목\n2. 둘의 것",
            ),
            ("# 가\n\n> 인용문이다.\n> 이어서.\n\n---\n\n끝", "가\n\n인용문이다.\n이어서.\n\n끝"),
            (
                "# 가\n\n좋아~~ 정말~~ ㅠ_ㅠ ^^* <기생충> #태그",
                "가\n\n좋아~~ 정말~~ ㅠ_ㅠ ^^* <기생충> #태그",
            ),
            ("import A from './a'\n\n# 가\n\n<Intro>\n\n소개 글\n\n</Intro>\n", "가\n\n소개 글"),
            ("# 제목 {/*id*/}\n\n<YouWillLearn>\n배울 것\n</YouWillLearn>", "제목\n\n배울 것"),
            ("# 가\n\n> [!NOTE]\n> 참고할 것.\n\n:::moniker range\n\n글\n\n:::", "가\n\n참고할 것.\n\n글"),
            (
                "# 가\n\n{{< glossary_tooltip text=\"파드\" term_id=\"pod\" >}}를 만든다.",
                "가\n\n파드를 만든다.",
            ),
            (
                "# 가\n\n[참고][1] 각주[^a].\n\n[1]: http://example.com\n[^a]: 각주 글",
                "가\n\n참고 각주.\n\n각주 글",
            ),
            ("# 가\n\n- [x] 한 일\n- [ ] 할 일", "가\n\n한 일\n할 일"),
            ("# 가\n\n\\*별표\\* &amp; &lt;", "가\n\n*별표* & <"),
        ],
    );
}

#[test]
fn lengths_count_characters_not_bytes() {
    assert!(length::is_between("가나다", 3, 3));
    assert!(!length::is_between("가나다", 4, 9));
    assert!(!length::is_between("가나다", 0, 2));
}

#[test]
fn korean_is_told_by_the_share_of_hangul_among_letters() {
    let cases = [
        ("정말 좋아요!!! 10/10", 1.0, true),
        ("ㅋㅋㅋㅋ", 1.0, true),
        ("가나 ab", 0.5, true),
        ("가나 abc", 0.5, false),
        ("1234 !!!", 0.0, false),
        ("", 0.0, false),
        ("漢字와 한글", 0.6, true),
    ];
    for (text, minimum, stays) in cases {
        assert_eq!(hangul_share::is_at_least(text, minimum), stays, "{text:?} {minimum}");
    }
}

#[test]
fn only_the_first_of_equal_texts_is_new() {
    let mut seen = duplicates::Seen::default();
    let verdicts: Vec<bool> = ["가", "나", "가", "가 "].into_iter().map(|text| seen.is_new(text)).collect();
    assert_eq!(verdicts, [true, true, false, true]);
}

/// Hundreds of thousands of unfinished marks must not take quadratic time; this would not end.
#[test]
fn hostile_texts_are_passed_through() {
    for unit in [
        "<", "<a ", "<a =\"", "<nav>", "<!--", "<script", "`", "``", "[", "](", "**", "> ", "| ", "&", "&#",
        "{{<", "{%", "<A", "# a\n",
    ] {
        let text = format!("# 가\n\n{}", unit.repeat(100_000));
        let without_html = html::remove(&text);
        let _ = markdown::remove(&without_html);
    }
}

/// Sentences with the marks that Korean writers use.
fn korean() -> impl Strategy<Value = String> {
    "([가-힣]{1,5}[ ,.!?~…·\"'()]{0,2}){1,12}"
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn cleaning_twice_changes_nothing_more(text in any::<String>(), spaced in "[가-힣a \n\t\r\u{200b}\u{200d}\u{1112}\u{1161}\u{301}]{0,60}") {
        for text in [&text, &spaced] {
            for rewrite in [nfc::normalize as Rewrite, control_characters::remove, whitespace::normalize] {
                let once = rewrite(text).into_owned();
                prop_assert_eq!(rewrite(&once), once.as_str());
            }
            // Each layer of escaping is taken off once; without one, markup is gone at once.
            let unescaped = text.replace('&', "");
            let once = html::remove(&unescaped).into_owned();
            prop_assert_eq!(html::remove(&once), once.as_str());
        }
    }

    #[test]
    fn no_text_crashes_a_rule(
        any in any::<String>(),
        marked in "([가-힣a-z0-9 ]|<|>|/|&|;|!|-|\\*|_|`|#|\\||\\[|\\]|\\(|\\)|\n|\t|:|\"|=|~|1\\. |</?p>|<!--|-->|```|\\{\\{<){0,80}",
    ) {
        for text in [&any, &marked] {
            let text = html::remove(text);
            let heading = format!("# 가\n\n{text}");
            let _ = markdown::remove(&text);
            let _ = whitespace::normalize(&markdown::remove(&heading));
        }
    }

    #[test]
    fn korean_sentences_keep_their_punctuation(text in korean()) {
        let text = whitespace::normalize(&text).into_owned();
        prop_assert_eq!(html::remove(&text), text.as_str());
        prop_assert_eq!(markdown::remove(&text), text.as_str());
        let as_markdown = markdown::remove(&format!("# 제목\n\n{text}")).into_owned();
        prop_assert_eq!(as_markdown, format!("제목\n\n{text}"));
    }
}
