//! Adjectives, 있다 and 없다, and colours.

use super::Word;
use crate::grammar::{Class, Kind};

const fn adjective(dictionary_form: &'static str, class: Class) -> Word {
    Word { dictionary_form, class, kind: Kind::Adjective, objects: &[] }
}

const fn existence(dictionary_form: &'static str) -> Word {
    Word { dictionary_form, class: Class::Regular, kind: Kind::Existence, objects: &[] }
}

use Class::{Bieup, BieupWa, Hieut, Regular, Reo, Reu, Yeo};

pub const ADJECTIVES: &[Word] = &[
    existence("있다"),
    existence("없다"),
    existence("맛있다"),
    existence("멋있다"),
    adjective("싶다", Regular),
    adjective("좋다", Regular),
    adjective("싫다", Regular),
    adjective("작다", Regular),
    adjective("많다", Regular),
    adjective("적다", Regular),
    adjective("높다", Regular),
    adjective("낮다", Regular),
    adjective("넓다", Regular),
    adjective("좁다", Regular),
    adjective("밝다", Regular),
    adjective("맑다", Regular),
    adjective("크다", Regular),
    adjective("기쁘다", Regular),
    adjective("슬프다", Regular),
    adjective("아프다", Regular),
    adjective("고프다", Regular),
    adjective("멀다", Regular),
    adjective("길다", Regular),
    adjective("달다", Regular),
    adjective("느리다", Regular),
    adjective("빠르다", Reu),
    adjective("다르다", Reu),
    adjective("게으르다", Reu),
    adjective("푸르다", Reo),
    adjective("춥다", Bieup),
    adjective("덥다", Bieup),
    adjective("고맙다", Bieup),
    adjective("반갑다", Bieup),
    adjective("무섭다", Bieup),
    adjective("무겁다", Bieup),
    adjective("가볍다", Bieup),
    adjective("어둡다", Bieup),
    adjective("어렵다", Bieup),
    adjective("쉽다", Bieup),
    adjective("아름답다", Bieup),
    adjective("부럽다", Bieup),
    adjective("부끄럽다", Bieup),
    adjective("자랑스럽다", Bieup),
    adjective("가깝다", Bieup),
    adjective("차갑다", Bieup),
    adjective("뜨겁다", Bieup),
    adjective("곱다", BieupWa),
    adjective("하얗다", Hieut),
    adjective("까맣다", Hieut),
    adjective("미안하다", Yeo),
    adjective("행복하다", Yeo),
    adjective("조용하다", Yeo),
    adjective("속상하다", Yeo),
    adjective("뿌듯하다", Yeo),
    adjective("가난하다", Yeo),
    adjective("부지런하다", Yeo),
    adjective("섭섭하다", Yeo),
    adjective("가득하다", Yeo),
    existence("가지고 있다"),
    adjective("감사하다", Yeo),
    existence("걸려 있다"),
    adjective("넉넉하다", Yeo),
    existence("놓여 있다"),
    adjective("대견하다", Yeo),
    existence("들어 있다"),
    adjective("미끄럽다", Bieup),
    adjective("서럽다", Bieup),
    adjective("죄송하다", Yeo),
    existence("찍혀 있다"),
    existence("쓰여 있다"),
    adjective("같다", Regular),
    adjective("아니다", Regular),
    existence("붙어 있다"),
];

/// Colours as they stand before a noun.
pub static COLOURS: &[&str] = &[
    "빨간",
    "파란",
    "노란",
    "하얀",
    "까만",
    "초록색",
    "분홍색",
    "보라색",
    "주황색",
    "하늘색",
    "갈색",
    "은빛",
    "금빛",
    "연두색",
];
