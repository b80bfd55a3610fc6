//! What the form amounts to: what was fitted, what it will need, and on whose word.

use leptos::prelude::*;
use shared::api::workers::{GetTrainingSpeeds, LiveWorker};
use shared::spec::whole_path::{Change, SMALLEST_TEXT_BYTES};
use shared::spec::{Estimate, JobSpec, PretrainSpec};

use super::form::Form;
use crate::api::poll::poll;
use crate::clock::use_clock;
use crate::components::Facts;
use crate::format;
use crate::texts::{fill, texts};

#[component]
pub fn Changes(form: Form) -> impl IntoView {
    let texts = &texts().new_run;
    move || match form.fitted.get() {
        Err(too_little) => {
            let (has, wants) =
                (format::bytes(too_little.text_bytes as f64), format::bytes(SMALLEST_TEXT_BYTES as f64));
            let words = fill(texts.too_little, &[("has", &has), ("wants", &wants)]);
            view! { <p class="reason" data-state="failed" role="alert">{words}</p> }.into_any()
        }
        Ok(changes) if changes.is_empty() => ().into_any(),
        Ok(changes) => {
            let lines = changes.into_iter().map(|change| {
                let words = match change {
                    Change::Vocabulary { from, to } => {
                        fill(texts.fitted_vocabulary, &[("from", &from.to_string()), ("to", &to.to_string())])
                    }
                    Change::Steps { from, to } => fill(
                        texts.fitted_steps,
                        &[("from", &format::count(from as f64)), ("to", &format::count(to as f64))],
                    ),
                    Change::HeldOut { to } => {
                        fill(texts.fitted_held_out, &[("share", &format!("{:.0}", 100.0 * to))])
                    }
                };
                view! { <li>{words}</li> }
            });
            view! { <div class="reason"><p>{texts.fitted}</p><ul class="prose">{lines.collect_view()}</ul></div> }.into_any()
        }
    }
}

/// The least and the greatest of what the workers will make of it.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Range {
    least: f64,
    greatest: f64,
}

/// What stands behind the forecast of the time.
#[derive(Debug, Clone, PartialEq)]
enum Word {
    /// No reply has come yet.
    Asking,
    NotAnswered,
    NoWorker,
    /// No worker's memory holds it.
    TooLarge {
        largest_worker_bytes: u64,
    },
    /// No worker has measured steps of this kind.
    NotMeasured,
    Measured {
        tokens_per_second: Range,
        seconds: Range,
    },
}

/// From those workers that can take it.
fn word(spec: &PretrainSpec, estimate: &Estimate, workers: &[LiveWorker]) -> Word {
    // A worker that does not say what memory it has takes everything.
    let holds =
        |worker: &&LiveWorker| worker.memory_bytes == 0 || worker.memory_bytes >= estimate.memory_bytes;
    if workers.is_empty() {
        return Word::NoWorker;
    }
    if !workers.iter().any(|worker| holds(&worker)) {
        let largest = workers.iter().map(|worker| worker.memory_bytes).max();
        return Word::TooLarge { largest_worker_bytes: largest.unwrap_or_default() };
    }
    let job = JobSpec::Pretrain(spec.clone());
    let estimates = workers.iter().filter(holds).map(|worker| job.estimate_on(0, &worker.training_speeds));
    let (mut rates, mut times) = (Vec::new(), Vec::new());
    for estimate in estimates {
        rates.extend(estimate.tokens_per_second);
        times.extend(estimate.seconds);
    }
    match (range(&rates), range(&times)) {
        (Some(tokens_per_second), Some(seconds)) => Word::Measured { tokens_per_second, seconds },
        _ => Word::NotMeasured,
    }
}

fn range(values: &[f64]) -> Option<Range> {
    let least = values.iter().copied().reduce(f64::min)?;
    let greatest = values.iter().copied().reduce(f64::max)?;
    Some(Range { least, greatest })
}

/// `1분 5초–2분`, or one of them where they read the same.
fn in_words(range: Range, show: impl Fn(f64) -> String) -> String {
    let (least, greatest) = (show(range.least), show(range.greatest));
    if least == greatest { least } else { format!("{least}–{greatest}") }
}

#[component]
pub fn Estimates(form: Form) -> impl IntoView {
    let texts = &texts().new_run;
    let clock = use_clock();
    let polled = poll(|| GetTrainingSpeeds {});
    let estimate = Memo::new(move |_| {
        let is_right = form.problems.with(|problems| problems.0.is_empty());
        is_right.then(|| form.draft.with(|draft| JobSpec::Pretrain(draft.pretrain.clone()).estimate(0, 0.0)))
    });
    let word = Memo::new(move |_| {
        let estimate = estimate.get()?;
        let spec = form.draft.with(|draft| draft.pretrain.clone());
        Some(polled.reply.with(|reply| match reply {
            Some(reply) => word(&spec, &estimate, &reply.workers),
            None if polled.failure.with(Option::is_some) => Word::NotAnswered,
            None => Word::Asking,
        }))
    });
    let facts = Signal::derive(move || {
        let Some(estimate) = estimate.get() else { return Vec::new() };
        let mut facts = Vec::new();
        facts.extend(estimate.parameters.map(|count| (texts.parameters, format::count(count as f64))));
        facts.extend(estimate.tokens.map(|count| (texts.tokens, format::count(count as f64))));
        facts.push((texts.memory, format::bytes(estimate.memory_bytes as f64)));
        if let Some(Word::Measured { tokens_per_second, seconds }) = word.get() {
            clock.track();
            let rate = |rate| format::count(format::rounded(rate, 2));
            facts.push((texts.tokens_per_second, in_words(tokens_per_second, rate)));
            facts.push((texts.time, in_words(seconds, format::about)));
            facts.push((texts.finish, fill(texts.around, &[("time", &in_words(seconds, format::finish))])));
        }
        facts
    });
    let has_problems = move || form.problems.with(|problems| !problems.0.is_empty());
    let words = move || {
        Some(match word.get()? {
            Word::Asking => view! { <p class="soft">{texts.asking_speed}</p> }.into_any(),
            Word::NotAnswered => view! { <p class="soft">{texts.no_answer_words}</p> }.into_any(),
            Word::NotMeasured => view! { <p class="soft">{texts.not_measured_words}</p> }.into_any(),
            Word::Measured { .. } => view! { <p class="soft">{texts.time_words}</p> }.into_any(),
            Word::NoWorker => {
                view! { <p class="reason" data-state="waiting">{texts.no_worker_words}</p> }.into_any()
            }
            Word::TooLarge { largest_worker_bytes } => {
                let largest = format::bytes(largest_worker_bytes as f64);
                let words = fill(texts.too_large_words, &[("largest", &largest)]);
                view! { <p class="reason" data-state="failed">{words}</p> }.into_any()
            }
        })
    };
    view! {
        <div aria-live="polite">
            <Facts facts=facts/>
            <Show when=has_problems><p class="reason" data-state="failed">{texts.has_problems}</p></Show>
            {words}
        </div>
    }
}

#[cfg(test)]
mod tests {
    use shared::spec::presets::Preset;
    use shared::spec::{Precision, TrainingSpeed};
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    fn worker(memory_bytes: u64, flops_per_second: u64) -> LiveWorker {
        let speed = TrainingSpeed { hidden_size: 64, precision: Precision::F32, flops_per_second };
        LiveWorker { memory_bytes, training_speeds: vec![speed], ..LiveWorker::default() }
    }

    fn word_of(workers: &[LiveWorker]) -> Word {
        let spec = Preset::Tiny.pretrain();
        let estimate = JobSpec::Pretrain(spec.clone()).estimate(0, 0.0);
        word(&spec, &estimate, workers)
    }

    #[wasm_bindgen_test]
    fn the_time_is_a_range_where_the_workers_differ() {
        let Word::Measured { tokens_per_second, seconds } =
            word_of(&[worker(8 << 30, 1_000_000_000), worker(0, 4_000_000_000)])
        else {
            panic!("both have measured")
        };
        assert_eq!(tokens_per_second.greatest, 4.0 * tokens_per_second.least);
        assert_eq!(seconds.greatest, 4.0 * seconds.least);
    }

    #[wasm_bindgen_test]
    fn a_worker_that_cannot_hold_it_says_nothing_about_its_time() {
        let small = worker(1 << 20, 9_000_000_000);
        assert_eq!(word_of(std::slice::from_ref(&small)), Word::TooLarge { largest_worker_bytes: 1 << 20 });
        let Word::Measured { seconds, .. } = word_of(&[small, worker(8 << 30, 1_000_000_000)]) else {
            panic!("the large one has measured")
        };
        assert_eq!(seconds.least, seconds.greatest);
    }

    #[wasm_bindgen_test]
    fn without_a_worker_or_its_measurement_no_time_is_made_up() {
        assert_eq!(word_of(&[]), Word::NoWorker);
        let unmeasured = LiveWorker { memory_bytes: 8 << 30, ..LiveWorker::default() };
        assert_eq!(word_of(&[unmeasured]), Word::NotMeasured);
    }

    #[wasm_bindgen_test]
    fn two_ends_that_read_the_same_are_said_once() {
        let show = |value: f64| format!("{value:.0}");
        assert_eq!(in_words(Range { least: 1.1, greatest: 1.2 }, show), "1");
        assert_eq!(in_words(Range { least: 1.0, greatest: 2.0 }, show), "1–2");
    }
}
