//! Endings inside and at the end of a sentence, and how each joins a stem.

use super::conjugation::{Kind, Next, Predicate};
use crate::hangul::{coda, last_syllable, replace_last};

/// An ending. The comment gives its forms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// -아/어 (before 주다, 보다, 버리다)
    Infinitive,
    /// -아서/어서
    So,
    /// -아도/어도
    Although,
    /// -아야/어야
    Must,
    /// -아라/어라
    CommandPlain,
    /// -아요/어요; -세요 after -(으)시-
    Polite,
    /// -고
    And,
    /// -지만
    But,
    /// -다가
    While,
    /// -자마자
    AsSoonAs,
    /// -느라고
    BusyWith,
    /// -도록
    Until,
    /// -게
    Adverb,
    /// -지 (before 않다, 못하다, 말다)
    Negated,
    /// -기
    Nominal,
    /// -거나
    Either,
    /// -던
    Retrospective,
    /// -자
    Proposal,
    /// -네
    Exclamation,
    /// -겠다고
    QuotedIntention,
    /// -(으)니까
    Because,
    /// -(으)니
    Finding,
    /// -(으)면
    If,
    /// -(으)려고
    InOrderTo,
    /// -(으)러
    GoTo,
    /// -(으)며
    AndLiterary,
    /// -(으)면서
    Meanwhile,
    /// -(으)ㄴ/는: now, of a verb; state, of an adjective
    AdnominalPresent,
    /// -(으)ㄴ of a verb, -던 of the rest
    AdnominalPast,
    /// -(으)ㄹ
    AdnominalFuture,
    /// -(으)ㅁ
    NominalFormal,
    /// -는데 / -(으)ㄴ데
    Background,
    /// -는지 / -(으)ㄴ지
    Whether,
    /// -는가 / -(으)ㄴ가
    PlainQuestion,
    /// -ㄴ다/는다/다
    Plain,
    /// -기로
    Resolve,
    /// -기도
    NominalToo,
    /// -기를
    NominalObject,
    /// -더니
    AndThen,
    /// -니
    CasualQuestion,
    /// -나요 / -(으)ㄴ가요
    GentleQuestion,
    /// -ㅂ니다/습니다
    Formal,
    /// -ㅂ니까/습니까
    FormalQuestion,
    /// -는구나/구나
    Realisation,
    /// -ㄴ다고/는다고/다고
    QuotedStatement,
    /// -냐고
    QuotedQuestion,
    /// -자고
    QuotedProposal,
    /// -(으)라고
    QuotedCommand,
}

enum Join {
    Vowel(&'static str),
    Consonant(&'static str),
    Open(&'static str, Next),
    /// 으 + a final consonant + a tail
    OpenCoda(u32, &'static str),
}

const KEYS: &[(&str, Ending)] = &[
    ("어", Ending::Infinitive),
    ("어서", Ending::So),
    ("어도", Ending::Although),
    ("어야", Ending::Must),
    ("어라", Ending::CommandPlain),
    ("어요", Ending::Polite),
    ("고", Ending::And),
    ("지만", Ending::But),
    ("다가", Ending::While),
    ("자마자", Ending::AsSoonAs),
    ("느라고", Ending::BusyWith),
    ("도록", Ending::Until),
    ("게", Ending::Adverb),
    ("지", Ending::Negated),
    ("기", Ending::Nominal),
    ("거나", Ending::Either),
    ("던", Ending::Retrospective),
    ("자", Ending::Proposal),
    ("네", Ending::Exclamation),
    ("겠다고", Ending::QuotedIntention),
    ("으니까", Ending::Because),
    ("으니", Ending::Finding),
    ("으면", Ending::If),
    ("으려고", Ending::InOrderTo),
    ("으러", Ending::GoTo),
    ("으며", Ending::AndLiterary),
    ("으면서", Ending::Meanwhile),
    ("는", Ending::AdnominalPresent),
    ("은", Ending::AdnominalPast),
    ("을", Ending::AdnominalFuture),
    ("음", Ending::NominalFormal),
    ("는데", Ending::Background),
    ("는지", Ending::Whether),
    ("는가", Ending::PlainQuestion),
    ("나요", Ending::GentleQuestion),
    ("기로", Ending::Resolve),
    ("기도", Ending::NominalToo),
    ("기를", Ending::NominalObject),
    ("더니", Ending::AndThen),
    ("니", Ending::CasualQuestion),
    ("다", Ending::Plain),
    ("습니다", Ending::Formal),
    ("습니까", Ending::FormalQuestion),
    ("구나", Ending::Realisation),
    ("다고", Ending::QuotedStatement),
    ("냐고", Ending::QuotedQuestion),
    ("자고", Ending::QuotedProposal),
    ("라고", Ending::QuotedCommand),
];

impl Ending {
    /// The ending named by its usual citation form (`"어서"`, `"으면"`, `"는"`).
    pub fn named(key: &str) -> Option<Self> {
        KEYS.iter().find(|(name, _)| *name == key).map(|(_, ending)| *ending)
    }

    pub fn all() -> impl Iterator<Item = Self> {
        KEYS.iter().map(|(_, ending)| *ending)
    }
}

impl Predicate {
    /// The stem with `ending`.
    pub fn with(&self, ending: Ending) -> String {
        match self.join(ending) {
            Join::Vowel(tail) => {
                if ending == Ending::Polite {
                    return self.polite();
                }
                let mut out = self.infinitive();
                out.push_str(tail);
                out
            }
            Join::Consonant(tail) => {
                let mut out = self.closed_stem(tail);
                out.push_str(tail);
                out
            }
            Join::Open(tail, next) => {
                let mut out = self.open_stem(next);
                out.push_str(tail);
                out
            }
            Join::OpenCoda(final_consonant, tail) => self.with_final(final_consonant, tail),
        }
    }

    /// -(으) + a final consonant on the last syllable + `tail`: 간, 먹을, 삶, 갑시다.
    pub(super) fn with_final(&self, final_consonant: u32, tail: &str) -> String {
        let mut out = self.open_stem(Next::Keeping);
        if let Some(last) = last_syllable(&out) {
            let joined = match (last.coda, final_consonant) {
                (coda::RIEUL, coda::MIEUM) => coda::RIEUL_MIEUM,
                _ => final_consonant,
            };
            replace_last(&mut out, last.with_coda(joined));
        }
        out.push_str(tail);
        out
    }

    fn polite(&self) -> String {
        let mut out = match self.stem.as_str() {
            "아니" => "아니에".to_owned(),
            // -(으)시어요 is -(으)세요
            stem if self.after_honorific => {
                let mut out = stem.to_owned();
                out.pop();
                out.push('세');
                out
            }
            _ => self.infinitive(),
        };
        out.push('요');
        out
    }

    fn join(&self, ending: Ending) -> Join {
        // Before -는…, verbs and 있다 differ from adjectives; a tense marker counts as a verb, except for -다, -구나.
        let verbal = self.after_prefinal || self.kind != Kind::Adjective;
        let plain_verb = !self.after_prefinal && self.kind == Kind::Verb;
        match ending {
            Ending::Infinitive => Join::Vowel(""),
            Ending::So => Join::Vowel("서"),
            Ending::Although => Join::Vowel("도"),
            Ending::Must => Join::Vowel("야"),
            Ending::CommandPlain => Join::Vowel("라"),
            Ending::Polite => Join::Vowel("요"),
            Ending::And => Join::Consonant("고"),
            Ending::But => Join::Consonant("지만"),
            Ending::While => Join::Consonant("다가"),
            Ending::AsSoonAs => Join::Consonant("자마자"),
            Ending::BusyWith => Join::Consonant("느라고"),
            Ending::Until => Join::Consonant("도록"),
            Ending::Adverb => Join::Consonant("게"),
            Ending::Negated => Join::Consonant("지"),
            Ending::Nominal => Join::Consonant("기"),
            Ending::Either => Join::Consonant("거나"),
            Ending::Retrospective => Join::Consonant("던"),
            Ending::Proposal => Join::Consonant("자"),
            Ending::Exclamation => Join::Consonant("네"),
            Ending::QuotedIntention => Join::Consonant("겠다고"),
            Ending::QuotedQuestion => Join::Consonant("냐고"),
            Ending::QuotedProposal => Join::Consonant("자고"),
            Ending::Because => Join::Open("니까", Next::Dropping),
            Ending::Finding => Join::Open("니", Next::Dropping),
            Ending::If => Join::Open("면", Next::Keeping),
            Ending::InOrderTo => Join::Open("려고", Next::Keeping),
            Ending::GoTo => Join::Open("러", Next::Keeping),
            Ending::AndLiterary => Join::Open("며", Next::Keeping),
            Ending::Meanwhile => Join::Open("면서", Next::Keeping),
            Ending::QuotedCommand => Join::Open("라고", Next::Keeping),
            Ending::AdnominalPresent if verbal => Join::Consonant("는"),
            Ending::AdnominalPast if !plain_verb => Join::Consonant("던"),
            Ending::AdnominalPresent | Ending::AdnominalPast => Join::OpenCoda(coda::NIEUN, ""),
            Ending::AdnominalFuture => Join::OpenCoda(coda::RIEUL, ""),
            Ending::NominalFormal => Join::OpenCoda(coda::MIEUM, ""),
            Ending::Background if verbal => Join::Consonant("는데"),
            Ending::Background => Join::OpenCoda(coda::NIEUN, "데"),
            Ending::Whether if verbal => Join::Consonant("는지"),
            Ending::Whether => Join::OpenCoda(coda::NIEUN, "지"),
            Ending::PlainQuestion if verbal => Join::Consonant("는가"),
            Ending::PlainQuestion => Join::OpenCoda(coda::NIEUN, "가"),
            Ending::Resolve => Join::Consonant("기로"),
            Ending::NominalToo => Join::Consonant("기도"),
            Ending::NominalObject => Join::Consonant("기를"),
            Ending::AndThen => Join::Consonant("더니"),
            Ending::CasualQuestion => Join::Consonant("니"),
            Ending::GentleQuestion if verbal => Join::Consonant("나요"),
            Ending::GentleQuestion => Join::OpenCoda(coda::NIEUN, "가요"),
            Ending::Plain if plain_verb => self.present("다", "는다"),
            Ending::Plain => Join::Consonant("다"),
            Ending::QuotedStatement if plain_verb => self.present("다고", "는다고"),
            Ending::QuotedStatement => Join::Consonant("다고"),
            Ending::Realisation if plain_verb => Join::Consonant("는구나"),
            Ending::Realisation => Join::Consonant("구나"),
            Ending::Formal => self.formal("니다", "습니다"),
            Ending::FormalQuestion => self.formal("니까", "습니까"),
        }
    }

    fn present(&self, open: &'static str, closed: &'static str) -> Join {
        if self.ends_in_vowel() || self.ends_in_rieul() {
            Join::OpenCoda(coda::NIEUN, open)
        } else {
            Join::Consonant(closed)
        }
    }

    fn formal(&self, open: &'static str, closed: &'static str) -> Join {
        if self.ends_in_vowel() || self.ends_in_rieul() {
            Join::OpenCoda(coda::BIEUP, open)
        } else {
            Join::Consonant(closed)
        }
    }
}
