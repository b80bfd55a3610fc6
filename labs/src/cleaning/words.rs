//! 정제 놀이터의 말.

pub const TITLE: &str = "규칙으로 글 다듬기";
pub const LEAD: &str = "글을 넣고 규칙을 골라 차례를 정하면, 규칙마다 무엇이 바뀌는지와 문서가 왜 빠지는지 볼 수 있습니다. 학습 말뭉치를 다듬는 작업이 쓰는 규칙과 같은 코드입니다.";
pub const TEXT: &str = "글";
pub const TEXT_HINT: &str = "빗금만 있는 줄(////)이 문서와 문서를 나눕니다.";
pub const TOO_LONG: &str = "글이 너무 깁니다. {limit}자까지만 다듬습니다.";
pub const SAMPLES: &str = "예시";
pub const RULES: &str = "규칙과 차례";
pub const RULES_HINT: &str = "위에서 아래로 지나갑니다.";
pub const UP: &str = "{rule:을/를} 위로";
pub const DOWN: &str = "{rule:을/를} 아래로";
pub const MINIMUM_CHARACTERS: &str = "최소 글자 수";
pub const MAXIMUM_CHARACTERS: &str = "최대 글자 수";
pub const MINIMUM_SHARE: &str = "최소 한글 비율";
pub const RESET: &str = "처음 차례로";
pub const RESULT: &str = "결과";
pub const SUMMARY: &str = "문서 {documents}개 가운데 {kept}개가 남았습니다. {before} → {after}";
pub const DOCUMENTS: &str = "문서";
pub const DOCUMENT: &str = "문서 {n}";
pub const KEPT: &str = "남음";
pub const DROPPED: &str = "빠짐";
pub const PASSED: &str = "바뀐 것이 없습니다.";
pub const STAYS: &str = "통과했습니다.";
pub const CHANGED: &str = "{removed}자를 빼고 {added}자를 넣었습니다.";
pub const TOO_SHORT: &str = "{n}자라서 빠집니다. 최소 {minimum}자여야 합니다.";
pub const TOO_LONG_DOCUMENT: &str = "{n}자라서 빠집니다. 최대 {maximum}자까지입니다.";
pub const TOO_FEW_HANGUL: &str = "글자 가운데 한글이 {share}%라서 빠집니다. {minimum}%는 되어야 합니다.";
pub const NO_LETTERS: &str = "글자가 하나도 없어서 빠집니다.";
pub const DUPLICATE: &str = "문서 {n:과/와} 똑같아서 빠집니다.";
pub const NO_RULES: &str = "켜 둔 규칙이 없어서 글이 그대로 남습니다.";
pub const FINAL: &str = "다듬은 글";
pub const LAST_SEEN: &str = "빠질 때의 글";
pub const REMOVED: &str = "뺌";
pub const ADDED: &str = "넣음";

/// Names and texts to begin with.
pub const SAMPLE_TEXTS: [(&str, &str); 4] = [
    (
        "웹 문서",
        "<html><head><title>우리 동네 소식</title><script>track('visit');</script></head>\n<body><nav><a href=\"/\">처음</a> <a href=\"/news\">소식</a></nav>\n<h1>봄 장터가 열립니다</h1>\n<p>오는 토요일&nbsp;&nbsp;오전 10시, <b>동네 마당</b>에서 봄 장터가 열립니다.<br>직접 기른 채소 &amp; 꽃을 가져오세요!</p>\n<!-- 광고 자리 -->\n<p>비가 오면 &lt;마을 회관&gt;에서 합니다.</p></body></html>\n////\n404 Not Found\n////\nHome | About us | Contact | Terms of service",
    ),
    (
        "마크다운",
        "---\ntitle: 소유권\ndate: 2024-03-01\n---\n\n# 소유권이란?\n\n러스트의 **소유권**은 `값`마다 주인이 하나라는 규칙입니다. 자세한 것은 [이 책](https://example.com)을 보세요.\n\n- 값에는 주인이 있다.\n- 주인은 하나뿐이다.\n\n```rust\nlet s = String::from(\"hi\");\n```\n\n> 주인이 범위를 벗어나면 값은 사라집니다.",
    ),
    (
        "댓글",
        "진짜 재밌다ㅋㅋㅋㅋ    또 보고 싶어요 ㅠ_ㅠ\n////\n굿\n////\n진짜 재밌다ㅋㅋㅋㅋ 또 보고 싶어요 ㅠ_ㅠ\n////\n10/10!!! ★★★★★\n////\n사랑해 <3 영화 <기생충>은 두 번 봐야 합니다.",
    ),
    (
        "보이지 않는 글자",
        "\u{feff}\u{1112}\u{1161}\u{11ab}\u{1100}\u{1173}\u{11af}이 자모로 풀려 있\u{200b}고, 보이지 않는\u{200b} 글자가 섞여\u{ad} 있습니다.\r\n줄 끝도\u{a0}\u{a0}서로 다릅니다.\r줄이 바뀌었습니다.",
    ),
];
