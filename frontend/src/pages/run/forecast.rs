//! What was forecast for a training when its attempt began, beside what it came to so far.

use leptos::prelude::*;
use shared::api::jobs::Job;
use shared::events::Series;

use crate::clock::use_clock;
use crate::format;
use crate::run::RunRecord;
use crate::texts::texts;

/// Nothing until the server has told its estimate.
#[component]
pub fn Forecast(job: Memo<Option<Job>>, record: RwSignal<RunRecord>) -> impl IntoView {
    let texts = &texts().run;
    let clock = use_clock();
    let estimate = Memo::new(move |_| record.with(|record| record.estimate.clone()));
    let has_ended = Memo::new(move |_| {
        job.with(|job| job.as_ref().is_some_and(|job| job.ended_at_microseconds.is_some()))
    });
    let seconds = move || {
        if !has_ended.get() {
            clock.track();
        }
        job.with(|job| {
            let job = job.as_ref()?;
            format::seconds_between(job.started_at_microseconds, job.ended_at_microseconds)
        })
    };
    let of_curve = move |series, value: fn(&crate::run::Curve) -> Option<f64>| {
        Memo::new(move |_| record.with(|record| value(record.curves.get(&series)?)))
    };
    let rate = of_curve(Series::TokensPerSecond, |curve| curve.median());
    let memory = of_curve(Series::MemoryBytes, |curve| curve.highest());
    let shown = |value: Option<f64>, show: fn(f64) -> String| value.map_or_else(|| "–".to_owned(), show);
    let rows = move || {
        let estimate = estimate.get()?;
        let row = |name: &'static str, expected: String, actual: Signal<String>| {
            view! { <tr><th scope="row">{name}</th><td>{expected}</td><td>{move || actual.get()}</td></tr> }
        };
        Some(view! {
            {row(
                texts.forecast_time,
                shown(estimate.seconds, format::about),
                Signal::derive(move || shown(seconds(), format::duration)),
            )}
            {row(
                texts.tokens_per_second,
                shown(estimate.tokens_per_second, |rate| format::count(format::rounded(rate, 2))),
                Signal::derive(move || shown(rate.get(), format::count)),
            )}
            {row(
                texts.memory,
                format::bytes(estimate.memory_bytes as f64),
                Signal::derive(move || shown(memory.get(), format::bytes)),
            )}
        })
    };
    let actual = move || if has_ended.get() { texts.forecast_actual } else { texts.forecast_so_far };
    let words = move || match estimate.get() {
        Some(estimate) if estimate.seconds.is_none() => texts.forecast_unmeasured,
        _ => texts.forecast_words,
    };
    view! {
        <Show when=move || estimate.with(Option::is_some)>
            <section class="forecast">
                <table>
                    <caption>{texts.forecast}</caption>
                    <thead>
                        <tr>
                            <td></td>
                            <th scope="col">{texts.forecast_expected}</th>
                            <th scope="col">{actual}</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
                <p class="soft">{words}</p>
            </section>
        </Show>
    }
}
