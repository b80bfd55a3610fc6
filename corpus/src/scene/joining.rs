//! Joins neighbouring sentences of the narrator, as a writer would: 왔다. 보았다. → 왔고, 보았다.

use rand::Rng;
use rand_chacha::ChaCha8Rng;

use crate::hangul::{Syllable, coda};

/// Longest joined sentence, in characters.
const LONGEST: usize = 76;
const PERCENT: u32 = 60;

/// Sentence openers that need a full stop before them.
const APART: &[&str] = &[
    "그때",
    "그러자",
    "그래서",
    "그제야",
    "비로소",
    "이제야",
    "드디어",
    "마침내",
    "이윽고",
    "그러다가",
    "그래도",
    "그 뒤로",
    "그날",
    "바로",
    "다름",
    "알고",
    "처음에",
    "이",
    "대신",
    "그렇게",
    "다음",
    "이튿날",
    "그",
    "이때",
    "한편",
    "그해",
    "마침",
    "잠시",
    "조금",
    "이번",
    "지난",
    "내일은",
    "모레는",
    "사흘",
];
/// Openers that turn into -지만.
const AGAINST: &[&str] = &["그런데 ", "하지만 ", "그러나 "];

/// The paragraph with some pairs of sentences joined.
pub(super) fn join(paragraph: &str, rng: &mut ChaCha8Rng) -> String {
    let mut out = String::with_capacity(paragraph.len());
    let mut rest = paragraph;
    // The last sentence written cannot take a third.
    let mut may_join = true;
    while let Some(at) = rest.find(". ") {
        let (sentence, next) = (&rest[..at], &rest[at + 2..]);
        let follower = next.split('.').next().unwrap_or(next);
        let joined =
            (may_join && rng.random_range(0..100) < PERCENT).then(|| connect(sentence, follower)).flatten();
        match joined {
            Some((head, skipped)) => {
                out.push_str(&head);
                rest = &next[skipped..];
                may_join = false;
            }
            None => {
                out.push_str(sentence);
                out.push_str(". ");
                rest = next;
                may_join = true;
            }
        }
    }
    out.push_str(rest);
    out
}

/// `sentence` ready for `follower`, and how many bytes of the follower's opening go.
fn connect(sentence: &str, follower: &str) -> Option<(String, usize)> {
    if follower.contains(['“', '”', '‘', '’', ',', '?', '!', '\n'])
        || sentence.contains(['“', '”', '‘', '’', '?', '!', ','])
    {
        return None;
    }
    if sentence.chars().count() + follower.chars().count() > LONGEST {
        return None;
    }
    // "…다가왔다. 몽실이였다." is two sentences for a reason.
    if follower.split(' ').count() < 3 || follower.contains("때문") {
        return None;
    }
    let stem = past_stem(sentence).filter(|stem| !stem.ends_with("때문이었"))?;
    past_stem(follower)?;
    if let Some(opener) = AGAINST.iter().find(|opener| follower.starts_with(**opener)) {
        return Some((format!("{stem}지만 "), opener.len()));
    }
    let first = follower.split(' ').next().unwrap_or("");
    if APART.contains(&first) {
        return None;
    }
    if first == "그리고" {
        return Some((format!("{stem}고 "), "그리고 ".len()));
    }
    let same_topic = first.ends_with(['은', '는']) && sentence.split(' ').next() == Some(first);
    let skipped = if same_topic { first.len() + 1 } else { 0 };
    Some((format!("{stem}고, "), skipped))
}

/// `보았` of 보았다, 보았어요, 보았습니다: what a past statement of the narrator has before its ending.
fn past_stem(sentence: &str) -> Option<&str> {
    let stem = ["습니다", "어요", "다"].iter().find_map(|ending| sentence.strip_suffix(ending))?;
    let last = stem.chars().next_back().and_then(Syllable::of)?;
    (last.coda == coda::SSANG_SIOT && !stem.ends_with(['있', '겠'])).then_some(stem)
}
