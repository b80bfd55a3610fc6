//! Epithets: a thing or a place gets one when it enters a story and may be called by it again later.

use crate::lexicon::nouns::{
    BELONGINGS, CLOTHES, DISHES, DRINKS, FOODS, FRUITS, HANDMADE, NOOKS, OLD_GOODS, OUTDOORS, PLANTS, TOWN,
    WILD_NOOKS,
};

static THING: &[&str] =
    &["작은", "낡은", "예쁜", "반들거리는", "손때 묻은", "귀여운", "조그만", "멋진", "아끼는"];

static TABLES: &[(&[&str], &[&str])] = &[
    (BELONGINGS, THING),
    (CLOTHES, &["두꺼운", "낡은", "포근한", "깨끗한", "헐렁한"]),
    (HANDMADE, &["멋진", "예쁜", "커다란", "알록달록한", "정성스러운", "재미있는"]),
    (FOODS, &["따끈한", "맛있는", "갓 만든", "먹음직스러운", "정성껏 만든", "구수한"]),
    (DISHES, &["따끈한", "맛있는", "먹음직스러운", "정성껏 만든", "구수한", "푸짐한"]),
    (FRUITS, &["잘 익은", "탐스러운", "싱싱한", "굵은", "반들반들한", "갓 딴"]),
    (DRINKS, &["시원한"]),
    (PLANTS, &["어린", "푸른", "싱싱한", "여린", "작은"]),
    (OUTDOORS, &["조용한", "아름다운", "정든", "이름난", "마을 앞", "한적한", "산 너머"]),
    (TOWN, &["가까운", "새로 생긴", "큰", "작은", "조용한", "붐비는", "오래된", "이웃 동네"]),
    (NOOKS, &["어두운", "먼지 쌓인", "좁은", "구석진", "컴컴한", "조용한"]),
    (WILD_NOOKS, &["축축한", "어두운", "이끼 낀", "깊숙한", "그늘진", "좁은"]),
    (OLD_GOODS, &["낡은", "튼튼한", "손때 묻은", "커다란", "오래된", "묵직한"]),
];

/// Epithets for the words of a list.
pub(super) fn of(words: &[&'static str]) -> &'static [&'static str] {
    TABLES
        .iter()
        .find(|(list, _)| list.first() == words.first() && list.len() == words.len())
        .map_or(&[], |(_, epithets)| epithets)
}
