//! Speech levels and sentence types: one function gives the last word of a sentence.

use super::{Ending, Predicate};
use crate::hangul::coda;

/// Speech level.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// 해라체: written narration
    Plain,
    /// 해체 (반말): friends, elders to children
    Casual,
    /// 해요체
    Polite,
    /// 합니다체
    Formal,
}

/// What the sentence does. Punctuation is the caller's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mood {
    Statement,
    Question,
    Command,
    Proposal,
    /// -(으)ㄹ게, a promise of the speaker
    Promise,
    /// -(으)ㄹ 거야
    Prediction,
    /// -네
    Exclamation,
    /// -지
    Confirmation,
    /// -(으)ㄹ까
    Deliberation,
}

/// The predicate as the end of a sentence. Tense and honorific are already in its stem.
pub fn finish(predicate: &Predicate, level: Level, mood: Mood) -> String {
    use Level::{Casual, Formal, Plain, Polite};
    match (mood, level) {
        (Mood::Statement, Plain) => predicate.with(Ending::Plain),
        (Mood::Statement, Formal) => predicate.with(Ending::Formal),
        (Mood::Statement | Mood::Question, Polite) | (Mood::Proposal, Polite) => {
            predicate.with(Ending::Polite)
        }
        (Mood::Statement | Mood::Question, Casual) | (Mood::Command, Casual) => casual(predicate),
        (Mood::Question, Plain) => predicate.with(Ending::PlainQuestion),
        (Mood::Question, Formal) => predicate.with(Ending::FormalQuestion),
        (Mood::Command, Plain) => predicate.with(Ending::CommandPlain),
        (Mood::Command, Polite) => honored(predicate).with(Ending::Polite),
        (Mood::Command, Formal) => honored(predicate).with_final(coda::BIEUP, "시오"),
        (Mood::Proposal, Plain | Casual) => predicate.with(Ending::Proposal),
        (Mood::Proposal, Formal) => predicate.with_final(coda::BIEUP, "시다"),
        (Mood::Promise, Casual) => predicate.with(Ending::AdnominalFuture) + "게",
        (Mood::Promise, Polite) => predicate.with(Ending::AdnominalFuture) + "게요",
        (Mood::Promise, Plain | Formal) => finish(&predicate.conjecture(), level, Mood::Statement),
        (Mood::Prediction, Plain) => predicate.with(Ending::AdnominalFuture) + " 것이다",
        (Mood::Prediction, Casual) => predicate.with(Ending::AdnominalFuture) + " 거야",
        (Mood::Prediction, Polite) => predicate.with(Ending::AdnominalFuture) + " 거예요",
        (Mood::Prediction, Formal) => predicate.with(Ending::AdnominalFuture) + " 것입니다",
        (Mood::Exclamation, Plain | Casual) => predicate.with(Ending::Exclamation),
        (Mood::Exclamation, Polite | Formal) => predicate.with(Ending::Exclamation) + "요",
        (Mood::Confirmation, Plain | Casual) => predicate.with(Ending::Negated),
        (Mood::Confirmation, Polite | Formal) => predicate.with(Ending::Negated) + "요",
        (Mood::Deliberation, Plain | Casual) => predicate.with(Ending::AdnominalFuture) + "까",
        (Mood::Deliberation, Polite | Formal) => predicate.with(Ending::AdnominalFuture) + "까요",
    }
}

fn casual(predicate: &Predicate) -> String {
    match predicate.stem.as_str() {
        "아니" => "아니야".into(),
        _ => predicate.infinitive(),
    }
}

/// With -(으)시-, once: a stem that has it already is left alone.
fn honored(predicate: &Predicate) -> Predicate {
    if predicate.after_honorific { predicate.clone() } else { predicate.honorific() }
}
