//! What came out of a set: wins by source, agreement, and the file for DPO.

use frontend::api::call;
use frontend::api::poll::poll;
use frontend::components::toast::use_toasts;
use frontend::components::{Arrived, Button, Facts, TableBox};
use frontend::format;
use frontend::texts::fill;
use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::api::preferences::{ExportPreferences, GetPreferenceResults, PreferenceResults, SourceResult};
use shared::ids::{CohortId, PreferenceSetId};
use shared::preferences::Interval;

use super::words::PREFERENCES;
use crate::files;

#[component]
pub fn Results(cohort_id: CohortId, set_id: PreferenceSetId, title: String, managed: bool) -> impl IntoView {
    let toasts = use_toasts();
    let polled = poll(move || GetPreferenceResults { cohort_id, set_id });
    let busy = RwSignal::new(false);
    let save = move |()| {
        busy.set(true);
        spawn_local(async move {
            match call(&ExportPreferences { cohort_id, set_id }).await {
                Ok(file) => {
                    files::save(&file.jsonl, &format!("preferences-{set_id}.jsonl"), "application/jsonl")
                }
                Err(failure) => toasts.error(failure.words()),
            }
            busy.try_set(false);
        });
    };
    let results = Memo::new(move |_| polled.reply.get());
    view! {
        <section class="preference-results" aria-label=PREFERENCES.results>
            <h4>{title}" "{PREFERENCES.results}</h4>
            <Arrived polled=polled>
                {move || results.get().map(|results| numbers(&results))}
            </Arrived>
            {managed.then(|| view! {
                <div class="buttons"><Button busy=busy on_press=save>{PREFERENCES.file_out}</Button></div>
            })}
        </section>
    }
}

fn percent(share: f64) -> String {
    fill(PREFERENCES.percent, &[("n", &format::significant(100.0 * share, 3))])
}

fn between(interval: Option<Interval>) -> String {
    interval.map_or_else(
        || PREFERENCES.nothing.to_owned(),
        |Interval { least, greatest }| {
            let text = |share: f64| format!("{:.0}", 100.0 * share);
            fill(PREFERENCES.between, &[("least", &text(least)), ("greatest", &text(greatest))])
        },
    )
}

fn numbers(results: &PreferenceResults) -> AnyView {
    if results.judgements == 0 {
        return view! { <p class="soft">{PREFERENCES.no_judgement}</p> }.into_any();
    }
    let values = [
        ("annotators", results.annotators.to_string()),
        ("n", results.judgements.to_string()),
        ("ties", results.ties.to_string()),
        ("neither", results.neither.to_string()),
    ];
    let values = values.each_ref().map(|(name, value)| (*name, value.as_str()));
    let known = |value: Option<String>| value.unwrap_or_else(|| PREFERENCES.nothing.to_owned());
    let decimal = |value: Option<f64>| known(value.map(|value| format!("{value:.2}")));
    let first =
        results.first_share.map(|share| format!("{} ({})", percent(share), between(results.first_interval)));
    let seconds = results
        .median_seconds
        .map(|seconds| fill(PREFERENCES.seconds_value, &[("n", &format::significant(seconds, 2))]));
    let mut facts = vec![
        (PREFERENCES.agreement, known(results.agreement.map(percent))),
        (PREFERENCES.alpha, decimal(results.alpha)),
    ];
    if results.annotators == 2 {
        facts.push((PREFERENCES.kappa, decimal(results.kappa)));
    }
    facts.push((PREFERENCES.first, known(first)));
    facts.push((PREFERENCES.seconds, known(seconds)));
    let rows = results.sources.iter().map(row).collect_view();
    view! {
        <p>{fill(PREFERENCES.counts, &values)}</p>
        <TableBox label=PREFERENCES.wins>
            <thead>
                <tr>
                    <th scope="col">{PREFERENCES.source}</th>
                    <th scope="col">{PREFERENCES.wins}</th>
                    <th scope="col">{PREFERENCES.interval}</th>
                    <th scope="col" class="number">{PREFERENCES.of_judged}</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </TableBox>
        <Facts facts=Signal::stored(facts)/>
        <p class="soft">{PREFERENCES.alpha_words}</p>
        <p class="soft">{PREFERENCES.first_words}</p>
    }
    .into_any()
}

fn row(source: &SourceResult) -> impl IntoView + use<> {
    let share = source.wins / f64::from(source.of.max(1));
    let width = format!("{:.1}%", 100.0 * share);
    view! {
        <tr>
            <th scope="row">{source.source.clone()}</th>
            <td>
                <div class="preference-bar" aria-hidden="true"><span style:width=width></span></div>
                {percent(share)}
            </td>
            <td>{between(source.interval)}</td>
            <td class="number">{source.of.to_string()}</td>
        </tr>
    }
}
