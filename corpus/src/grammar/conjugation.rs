//! Stems and their classes: what a verb or an adjective becomes before -아/어, before -(으)- and before a consonant.

use crate::hangul::{SILENT_INITIAL, Syllable, coda, last_syllable, replace_last, vowel};

/// Conjugation class. Spelling does not decide it (걷다 "walk" / 걷다 "roll up"; 이르다 "early" / "reach"), so the
/// lexicon says it. The dropping of ㄹ and of ㅡ has no exceptions and belongs to `Regular`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// 먹다, 가다; 살다 (ㄹ drops), 쓰다 and 따르다 (ㅡ drops)
    Regular,
    /// ㄷ → ㄹ: 걷다, 듣다
    Digeut,
    /// ㅂ → 우: 춥다, 굽다 "roast"
    Bieup,
    /// ㅂ → 오 before -아: 돕다, 곱다
    BieupWa,
    /// ㅅ drops: 짓다, 낫다
    Siot,
    /// 르 → ㄹㄹ: 모르다, 부르다
    Reu,
    /// 르 → 르러: 푸르다, 이르다 "reach"
    Reo,
    /// ㅎ drops: 빨갛다, 그렇다
    Hieut,
    /// 푸다 → 퍼
    U,
    /// 하다 → 해
    Yeo,
}

/// Part of speech, as far as endings care.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Verb,
    Adjective,
    /// 있다, 없다: -다 like adjectives, -는 like verbs
    Existence,
}

/// Whether vowels that may stay apart are run together: 보았다 and 주었다 (written), 봤다 and 줬다 (spoken).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Contraction {
    #[default]
    Full,
    Open,
}

/// A stem ready for an ending. `past()`, `honorific()` and `conjecture()` give longer stems.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Predicate {
    pub(super) stem: String,
    pub(super) class: Class,
    pub(super) kind: Kind,
    pub(super) contraction: Contraction,
    /// ends in -았/었- or -겠-: takes -어, -다, -는데 whatever the verb is
    pub(super) after_prefinal: bool,
    pub(super) after_honorific: bool,
}

impl Predicate {
    /// `dictionary_form` ends in 다, which is taken off.
    pub fn new(dictionary_form: &str, class: Class, kind: Kind) -> Self {
        let stem = dictionary_form.strip_suffix('다').unwrap_or(dictionary_form).to_owned();
        // 계시다, 드시다, 주무시다 carry -(으)시- in the word itself.
        let after_honorific =
            ["계시", "드시", "주무시", "잡수시", "하시"].iter().any(|word| stem.ends_with(word));
        Self { stem, class, kind, contraction: Contraction::Full, after_prefinal: false, after_honorific }
    }

    pub fn with_contraction(mut self, contraction: Contraction) -> Self {
        self.contraction = contraction;
        self
    }

    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// -았/었-
    pub fn past(&self) -> Self {
        let mut stem = self.infinitive();
        // 아니다 keeps 아니었다, which the infinitive 아니어 gives by itself.
        if let Some(last) = last_syllable(&stem) {
            replace_last(&mut stem, last.with_coda(coda::SSANG_SIOT));
        }
        self.prefinal(stem)
    }

    /// -겠-
    pub fn conjecture(&self) -> Self {
        self.prefinal(format!("{}겠", self.stem))
    }

    fn prefinal(&self, stem: String) -> Self {
        Self { stem, class: Class::Regular, after_prefinal: true, after_honorific: false, ..self.clone() }
    }

    /// -(으)시-
    pub fn honorific(&self) -> Self {
        let mut stem = self.open_stem(Next::Dropping);
        stem.push('시');
        Self { stem, class: Class::Regular, after_honorific: true, ..self.clone() }
    }

    fn last(&self) -> Option<Syllable> {
        last_syllable(&self.stem)
    }

    pub(super) fn ends_in_vowel(&self) -> bool {
        self.last().is_none_or(|last| last.coda == coda::NONE)
    }

    pub(super) fn ends_in_rieul(&self) -> bool {
        self.last().is_some_and(|last| last.coda == coda::RIEUL)
    }

    /// The stem before -(으)…: with 으 where the class wants it. `next` says whether ㄹ drops.
    pub(super) fn open_stem(&self, next: Next) -> String {
        let mut stem = self.stem.clone();
        let Some(last) = self.last() else { return stem };
        match self.class {
            Class::Digeut => {
                replace_last(&mut stem, last.with_coda(coda::RIEUL));
                stem.push('으');
            }
            Class::Bieup | Class::BieupWa => {
                replace_last(&mut stem, last.with_coda(coda::NONE));
                stem.push('우');
            }
            Class::Siot => {
                replace_last(&mut stem, last.with_coda(coda::NONE));
                stem.push('으');
            }
            Class::Hieut => replace_last(&mut stem, last.with_coda(coda::NONE)),
            _ if last.coda == coda::NONE => {}
            _ if last.coda == coda::RIEUL => {
                if next == Next::Dropping {
                    replace_last(&mut stem, last.with_coda(coda::NONE));
                }
            }
            _ => stem.push('으'),
        }
        stem
    }

    /// The stem before an ending that begins with a consonant of its own: ㄹ drops before ㄴ.
    pub(super) fn closed_stem(&self, tail: &str) -> String {
        let mut stem = self.stem.clone();
        let begins_with_nieun =
            tail.chars().next().and_then(Syllable::of).is_some_and(|first| first.initial == 2);
        if let Some(last) = self.last()
            && last.coda == coda::RIEUL
            && begins_with_nieun
        {
            replace_last(&mut stem, last.with_coda(coda::NONE));
        }
        stem
    }

    /// The stem with -아/어: 가, 먹어, 들어, 도와, 지어, 몰라, 푸르러, 빨개, 퍼, 해.
    pub fn infinitive(&self) -> String {
        let mut stem = self.stem.clone();
        let Some(last) = self.last() else { return stem };
        if self.after_prefinal {
            stem.push('어');
            return stem;
        }
        match self.class {
            Class::Yeo => replace_last(&mut stem, last.with_vowel(vowel::AE)),
            Class::U => replace_last(&mut stem, last.with_vowel(vowel::EO)),
            Class::Reo => stem.push('러'),
            Class::Reu => {
                stem.pop();
                let Some(before) = last_syllable(&stem) else { return stem };
                replace_last(&mut stem, before.with_coda(coda::RIEUL));
                stem.push(if before.is_bright() { '라' } else { '러' });
            }
            Class::Hieut => replace_last(&mut stem, hieut_infinitive(&self.stem, last)),
            Class::Digeut => {
                replace_last(&mut stem, last.with_coda(coda::RIEUL));
                stem.push(harmony(last));
            }
            Class::Siot => {
                replace_last(&mut stem, last.with_coda(coda::NONE));
                stem.push(harmony(last));
            }
            Class::Bieup | Class::BieupWa => {
                replace_last(&mut stem, last.with_coda(coda::NONE));
                stem.push(if self.class == Class::BieupWa { '와' } else { '워' });
            }
            Class::Regular if last.coda != coda::NONE => stem.push(harmony(last)),
            Class::Regular => self.contract(&mut stem, last),
        }
        stem
    }

    /// Joins -아/어 to a stem that ends in a vowel (한글 맞춤법 34–37).
    fn contract(&self, stem: &mut String, last: Syllable) {
        let open = self.contraction == Contraction::Open;
        match last.vowel {
            vowel::A | vowel::EO | vowel::AE | vowel::E | vowel::YEO => {}
            vowel::O if open && last.initial != SILENT_INITIAL => stem.push('아'),
            vowel::O => replace_last(stem, last.with_vowel(vowel::WA)),
            vowel::U if open && last.initial != SILENT_INITIAL => stem.push('어'),
            vowel::U => replace_last(stem, last.with_vowel(vowel::WO)),
            vowel::OE if open => stem.push('어'),
            vowel::OE => replace_last(stem, last.with_vowel(vowel::WAE)),
            vowel::I if keeps_hiatus(stem) => stem.push('어'),
            vowel::I => replace_last(stem, last.with_vowel(vowel::YEO)),
            vowel::EU => {
                stem.pop();
                let bright = last_syllable(stem).is_some_and(Syllable::is_bright);
                stem.push(last.with_vowel(if bright { vowel::A } else { vowel::EO }).compose());
            }
            _ => stem.push('어'),
        }
    }
}

/// What follows a stem in -(으)…: ㄹ drops before ㄴ, ㅂ, ㅅ (and before a final ㄹ), stays before ㄹ and ㅁ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Next {
    Dropping,
    Keeping,
}

fn harmony(last: Syllable) -> char {
    if last.is_bright() { '아' } else { '어' }
}

/// Stems of one syllable in ㅣ that are written apart (피어, 비어, 기어), 아니다, and verbs made from them.
fn keeps_hiatus(stem: &str) -> bool {
    matches!(stem, "피" | "비" | "기" | "시" | "띠" | "삐" | "끼" | "이" | "아니")
}

/// 빨갛다 → 빨개, 하얗다 → 하얘, 누렇다 → 누레, 허옇다 → 허예; 그렇다 and its family → 그래.
fn hieut_infinitive(stem: &str, last: Syllable) -> Syllable {
    let demonstrative = ["그렇", "이렇", "저렇", "요렇", "고렇", "조렇", "어떻", "아무렇"].contains(&stem);
    let joined = match last.vowel {
        _ if demonstrative => vowel::AE,
        vowel::A => vowel::AE,
        vowel::YA => vowel::YAE,
        vowel::YEO => vowel::YE,
        _ => vowel::E,
    };
    last.with_vowel(joined).with_coda(coda::NONE)
}
