//! 이다 after a noun.

use super::levels::{Level, Mood, finish};
use super::{Class, Contraction, FinalSound, Kind, Predicate, final_sound};

/// A form of 이다 that is not the end of a sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Copula {
    /// 인
    Adnominal,
    /// 이라는/라는
    Named,
    /// 이라고/라고
    Quoted,
    /// 이어서/여서
    So,
    /// 이지만/지만
    But,
    /// 이고/고
    And,
    /// 인데
    Background,
    /// 이었던/였던
    Was,
}

impl Copula {
    const KEYS: [(&'static str, Self); 8] = [
        ("인", Self::Adnominal),
        ("이라는", Self::Named),
        ("이라고", Self::Quoted),
        ("이어서", Self::So),
        ("이지만", Self::But),
        ("이고", Self::And),
        ("인데", Self::Background),
        ("이었던", Self::Was),
    ];

    pub fn named(key: &str) -> Option<Self> {
        Self::KEYS.iter().find(|(name, _)| *name == key).map(|(_, copula)| *copula)
    }

    /// `noun` with this form.
    pub fn after(self, noun: &str) -> String {
        let open = final_sound(noun) == FinalSound::Vowel;
        let form = match (self, open) {
            (Self::Adnominal, _) => "인",
            (Self::Background, _) => "인데",
            (Self::Named, true) => "라는",
            (Self::Named, false) => "이라는",
            (Self::Quoted, true) => "라고",
            (Self::Quoted, false) => "이라고",
            (Self::So, true) => "여서",
            (Self::So, false) => "이어서",
            (Self::But, true) => "지만",
            (Self::But, false) => "이지만",
            (Self::And, true) => "고",
            (Self::And, false) => "이고",
            (Self::Was, true) => "였던",
            (Self::Was, false) => "이었던",
        };
        format!("{noun}{form}")
    }
}

/// `noun` + 이다 as the end of a sentence: 사과다, 책이다, 사과예요, 책이에요, 사과였다, 책이었습니다.
pub fn is(noun: &str, past: bool, level: Level, mood: Mood) -> String {
    let open = final_sound(noun) == FinalSound::Vowel;
    if past {
        // 이었- after a consonant; 였- after a vowel. Both go on as any past stem does.
        let stem = Predicate::new("이다", Class::Regular, Kind::Adjective)
            .with_contraction(Contraction::Full)
            .past();
        let ending = finish(&stem, level, mood);
        return if open {
            format!("{noun}{}", ending.replacen("이었", "였", 1))
        } else {
            format!("{noun}{ending}")
        };
    }
    let ending = match (mood, level, open) {
        (Mood::Statement, Level::Plain, true) => "다",
        (Mood::Statement, Level::Plain, false) => "이다",
        (Mood::Statement | Mood::Question, Level::Casual, true) => "야",
        (Mood::Statement | Mood::Question, Level::Casual, false) => "이야",
        (Mood::Statement | Mood::Question, Level::Polite, true) => "예요",
        (Mood::Statement | Mood::Question, Level::Polite, false) => "이에요",
        (Mood::Exclamation, Level::Plain | Level::Casual, true) => "네",
        (Mood::Exclamation, Level::Plain | Level::Casual, false) => "이네",
        (Mood::Exclamation, _, true) => "네요",
        (Mood::Exclamation, _, false) => "이네요",
        (Mood::Confirmation, Level::Plain | Level::Casual, true) => "지",
        (Mood::Confirmation, Level::Plain | Level::Casual, false) => "이지",
        (Mood::Confirmation, _, true) => "지요",
        (Mood::Confirmation, _, false) => "이지요",
        (Mood::Question, Level::Plain, _) => "인가",
        (Mood::Question, Level::Formal, _) => "입니까",
        _ => "입니다",
    };
    format!("{noun}{ending}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_copula_follows_the_final_sound() {
        let rows = [
            ("사과", Level::Plain, "사과다", "사과였다"),
            ("책", Level::Plain, "책이다", "책이었다"),
            ("사과", Level::Casual, "사과야", "사과였어"),
            ("책", Level::Casual, "책이야", "책이었어"),
            ("사과", Level::Polite, "사과예요", "사과였어요"),
            ("책", Level::Polite, "책이에요", "책이었어요"),
            ("사과", Level::Formal, "사과입니다", "사과였습니다"),
            ("연필", Level::Formal, "연필입니다", "연필이었습니다"),
        ];
        for (noun, level, present, past) in rows {
            assert_eq!(is(noun, false, level, Mood::Statement), present);
            assert_eq!(is(noun, true, level, Mood::Statement), past);
        }
        assert_eq!(Copula::Named.after("민준"), "민준이라는");
        assert_eq!(Copula::Named.after("수아"), "수아라는");
        assert_eq!(Copula::So.after("겨울"), "겨울이어서");
        assert_eq!(Copula::So.after("휴가"), "휴가여서");
    }
}
