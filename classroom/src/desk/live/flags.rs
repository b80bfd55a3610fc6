//! What is the matter with a learner's work, in a word and in a sentence.

use frontend::format;
use frontend::pages::waiting_words;
use frontend::texts::{fill, said};
use shared::api::class::Flag;
use shared::ids::JobId;

use super::words::LIVE;

/// How it looks: what stopped, or what should be looked at.
pub fn is_bad(flag: &Flag) -> bool {
    matches!(flag, Flag::Failing { .. } | Flag::Diverged { .. } | Flag::Contaminated { .. })
}

pub fn mark(flag: &Flag) -> String {
    match flag {
        Flag::WrongAgain { .. } => LIVE.wrong_again.to_owned(),
        Flag::Failing { job_kind, .. } => fill(LIVE.fails, &[("kind", format::kind(*job_kind))]),
        Flag::WaitsLong { .. } => LIVE.waits_long.to_owned(),
        Flag::Diverged { .. } => LIVE.diverged.to_owned(),
        Flag::FlatGradient { .. } => LIVE.flat.to_owned(),
        Flag::OtherTokenizer { .. } => LIVE.tokenizer.to_owned(),
        Flag::Contaminated { .. } => LIVE.contaminated.to_owned(),
    }
}

pub fn words(flag: &Flag, now_microseconds: f64) -> String {
    match flag {
        Flag::WrongAgain { week, question, number, attempt } => fill(
            LIVE.wrong_again_words,
            &[
                ("week", &week.to_string()),
                ("question", &question_words(*number, question)),
                ("attempt", &attempt.to_string()),
            ],
        ),
        Flag::Failing { job_kind, reason, in_a_row, .. } => fill(
            LIVE.fails_words,
            &[
                ("kind", format::kind(*job_kind)),
                ("n", &in_a_row.to_string()),
                ("reason", &said::report(reason)),
            ],
        ),
        Flag::WaitsLong { since_microseconds, waits_for, .. } => {
            let seconds = (now_microseconds - *since_microseconds as f64) / 1e6;
            let why = waits_for.as_ref().map_or_else(|| LIVE.waits_turn.to_owned(), waiting_words);
            fill(LIVE.waits_long_words, &[("time", &format::duration(seconds.max(0.0))), ("why", &why)])
        }
        Flag::Diverged { .. } => LIVE.diverged_words.to_owned(),
        Flag::FlatGradient { step, .. } => fill(LIVE.flat_words, &[("step", &format::count(*step as f64))]),
        Flag::OtherTokenizer { .. } => LIVE.tokenizer_words.to_owned(),
        Flag::Contaminated { .. } => LIVE.contaminated_words.to_owned(),
    }
}

/// As the lesson numbers it, so that one finds it there.
pub fn question_words(number: Option<u32>, question: &str) -> String {
    number.map_or_else(|| question.to_owned(), |number| fill(LIVE.question, &[("n", &number.to_string())]))
}

/// The job that it is about.
pub fn job(flag: &Flag) -> Option<JobId> {
    match flag {
        Flag::WrongAgain { .. } => None,
        Flag::Failing { job_id, .. }
        | Flag::WaitsLong { job_id, .. }
        | Flag::Diverged { job_id }
        | Flag::FlatGradient { job_id, .. }
        | Flag::OtherTokenizer { job_id, .. }
        | Flag::Contaminated { job_id, .. } => Some(*job_id),
    }
}
