//! Names and kinds of the people and animals.
//!
//! Given names are put together from two syllables, as parents do: there are thousands, so that a model has to read
//! who is in a story instead of knowing it beforehand; some are common enough to become a token of their own. One
//! name in eight is kept for held-out documents and occurs in no training document.

use std::sync::LazyLock;

use super::nouns;
use crate::Split;
use crate::grammar::{FinalSound, final_sound};

/// The names of one sort of beings.
#[derive(Debug)]
pub struct Names {
    pub training: Vec<String>,
    pub held_out: Vec<String>,
}

impl Names {
    pub fn of(&self, split: Split) -> &[String] {
        match split {
            Split::Training => &self.training,
            Split::HeldOut => &self.held_out,
        }
    }

    /// Training names and held-out ones.
    pub fn all(&self) -> impl Iterator<Item = &str> {
        self.training.iter().chain(&self.held_out).map(String::as_str)
    }

    /// Every first part with every second part, the common ones first: the lists of parts begin with the usual. No part is held out as such, only names put together from them; the
    /// split is a function of the name, so that 은복 is of one split among children and in old tales.
    fn of_pairs(first: &[&str], second: &[&str]) -> Self {
        let place = |parts: &[&str], part: &str| parts.iter().position(|other| *other == part);
        let mut pairs: Vec<(&str, &str)> =
            first.iter().flat_map(|first| second.iter().map(|second| (*first, *second))).collect();
        pairs.retain(|(first, second)| first != second);
        pairs.sort_by_key(|(one, other)| place(first, one).max(place(second, other)));
        let names = pairs.iter().map(|(first, second)| format!("{first}{second}"));
        let (held_out, training) = names.filter(|name| !is_a_word(name)).partition(|name| is_held_out(name));
        Self { training, held_out }
    }
}

/// One name in so many is held out.
const HELD_OUT_EVERY: u32 = 8;

fn is_a_word(name: &str) -> bool {
    WORDS.contains(&name) || nouns::all().any(|noun| noun.word == name)
}

/// Of the name without its 이: the animal 금돌이 reads like the villager 금돌.
fn is_held_out(name: &str) -> bool {
    name.trim_end_matches('이').chars().map(u32::from).sum::<u32>() % HELD_OUT_EVERY == 0
}

/// Pairs that are other words too, with a particle or without.
const WORDS: &[&str] = &[
    "수영", "수호", "주인", "주영", "시인", "우진", "나인", "다인", "하나", "하솔", "지경", "시경", "서성",
    "아나", "나윤",
];

/// Given names of children: 민준, 서연 ….
pub static CHILDREN: LazyLock<Names> = LazyLock::new(|| Names::of_pairs(CHILD_FIRST, CHILD_SECOND));

const CHILD_FIRST: &[&str] = &[
    "민", "서", "도", "하", "시", "지", "주", "예", "건", "수", "현", "다", "준", "유", "채", "소", "은",
    "나", "선", "가", "우", "윤", "승", "보", "태", "아", "동", "재", "규", "영", "성", "기", "경", "리",
    "해", "정", "희", "진", "혜", "세", "라", "로", "이", "원", "찬",
];
const CHILD_SECOND: &[&str] = &[
    "준", "연", "윤", "은", "우", "원", "아", "서", "진", "현", "호", "율", "린", "민", "재", "빈", "영",
    "욱", "훈", "혁", "경", "희", "나", "솔", "결", "슬", "별", "람", "온", "하", "인", "유", "찬", "안",
    "성", "겸", "후",
];

/// Names of animals: 몽실이, 토롱이 ….
pub static ANIMAL_NAMES: LazyLock<Names> = LazyLock::new(|| Names::of_pairs(ANIMAL_FIRST, ANIMAL_SECOND));

const ANIMAL_FIRST: &[&str] = &[
    "몽", "복", "토", "통", "뭉", "포", "도", "방", "쫑", "총", "송", "꽁", "콩", "깡", "퐁", "똘", "찰",
    "보", "살", "말", "둥", "얼", "아", "다", "초", "조", "새", "달", "햇", "별", "봄", "솔", "밤", "눈",
    "꽃", "은", "금", "단", "산", "들", "코", "루", "푸", "빙", "동",
];
const ANIMAL_SECOND: &[&str] = &[
    "실이", "글이", "롱이", "랑이", "톨이", "순이", "돌이", "울이", "송이", "콤이", "토", "리", "모", "비",
    "루", "치", "코", "미", "나", "솜이", "담이", "봉이",
];

/// Names of people in old tales: 돌쇠, 막동 ….
pub static OLD_NAMES: LazyLock<Names> = LazyLock::new(|| Names::of_pairs(OLD_FIRST, OLD_SECOND));

const OLD_FIRST: &[&str] = &[
    "돌", "막", "복", "길", "삼", "금", "덕", "만", "억", "칠", "달", "봉", "무", "을", "갑", "천", "큰",
    "먹", "판", "장", "석", "춘", "병", "수", "오", "백", "두", "점", "용", "또", "순", "은", "팔", "구",
    "영", "상", "재", "윤", "홍", "언",
];
const OLD_SECOND: &[&str] = &[
    "쇠", "동", "돌", "복", "배", "석", "성", "근", "구", "식", "길", "삼", "팔", "만", "보", "남", "녀",
    "분", "례", "심",
];

/// The name with the 이 that familiar names take after a consonant: 민준이, 수아.
pub fn familiar(name: &str) -> String {
    if final_sound(name) == FinalSound::Vowel { name.to_owned() } else { format!("{name}이") }
}

/// Kinds of animals with their ways of moving and living.
pub const ANIMALS: &[&str] = &[
    "토끼",
    "다람쥐",
    "아기 곰",
    "여우",
    "너구리",
    "고슴도치",
    "사슴",
    "두더지",
    "오리",
    "개구리",
    "거북",
    "고양이",
    "강아지",
    "참새",
    "까치",
    "생쥐",
    "염소",
    "송아지",
    "원숭이",
    "수달",
    "청설모",
    "병아리",
    "기러기",
    "족제비",
];

/// Elders of the forest.
pub const ANIMAL_ELDERS: &[&str] = &[
    "부엉이 할아버지",
    "거북 할머니",
    "두루미 할머니",
    "곰 아저씨",
    "황소 아저씨",
    "올빼미 할머니",
    "산양 할아버지",
    "암탉 아주머니",
];

/// Family members who are older than the child.
pub const FAMILY: &[&str] =
    &["할머니", "할아버지", "어머니", "아버지", "이모", "삼촌", "고모", "외할머니", "외할아버지"];

/// Family members with a house of their own; all of them are in `FAMILY`.
pub const RELATIVES: &[&str] = &["할머니", "할아버지", "이모", "삼촌", "고모", "외할머니", "외할아버지"];

/// Grown-ups of the neighbourhood and the school.
pub const NEIGHBOURS: &[&str] = &[
    "담임 선생님",
    "사서 선생님",
    "이웃집 아주머니",
    "경비 아저씨",
    "빵집 아저씨",
    "꽃집 아주머니",
    "문구점 아저씨",
    "의사 선생님",
    "체육 선생님",
    "우체부 아저씨",
];
