//! A question whose answers are marked anew.

use frontend::api::{Failure, call};
use frontend::components::{Button, Card, ErrorBox, Field, FieldIds};
use frontend::texts::fill;
use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::api::questions::{ListQuestions, RegradeQuestion, Regraded};
use shared::course::WEEKS;
use shared::ids::CohortId;

use super::words::SETTINGS;

const TEXT_CHARACTERS: usize = 60;

#[component]
pub fn Regrade(cohort_id: CohortId) -> impl IntoView {
    let week = RwSignal::new(None::<u32>);
    let question = RwSignal::new(String::new());
    let questions = RwSignal::new(Vec::<(String, String)>::new());
    let done = RwSignal::new(None::<Regraded>);
    let failure = RwSignal::new(None::<Failure>);
    let busy = RwSignal::new(false);
    Effect::new(move || {
        let chosen = week.get();
        question.set(String::new());
        questions.set(Vec::new());
        done.set(None);
        failure.set(None);
        let Some(chosen) = chosen else { return };
        spawn_local(async move {
            let answer = call(&ListQuestions { cohort_id, week: chosen }).await;
            if week.try_get_untracked() != Some(Some(chosen)) {
                return;
            }
            match answer {
                Ok(list) => {
                    let known = (1..).zip(list.questions).map(|(number, asked)| {
                        let values = [("n", number.to_string()), ("text", plain(&asked.text_html))];
                        let values = values.each_ref().map(|(name, value)| (*name, value.as_str()));
                        (asked.question, fill(SETTINGS.question, &values))
                    });
                    questions.try_set(known.collect());
                }
                Err(refused) => drop(failure.try_set(Some(refused))),
            }
        });
    });
    let regrade = move |()| {
        let (Some(week), question) = (week.get_untracked(), question.get_untracked()) else { return };
        busy.set(true);
        done.set(None);
        failure.set(None);
        spawn_local(async move {
            match call(&RegradeQuestion { cohort_id, week, question }).await {
                Ok(regraded) => drop(done.try_set(Some(regraded))),
                Err(refused) => drop(failure.try_set(Some(refused))),
            }
            busy.try_set(false);
        });
    };
    let said = move || {
        done.with(|done| {
            let Regraded { answers, changed } = done.as_ref()?;
            let words = if *changed > 0 { SETTINGS.regraded } else { SETTINGS.regraded_none };
            Some(fill(words, &[("all", &answers.to_string()), ("changed", &changed.to_string())]))
        })
    };
    let weeks = (1..=WEEKS).map(|number| {
        view! { <option value=number.to_string()>{fill(SETTINGS.weight, &[("n", &number.to_string())])}</option> }
    });
    let options = move || {
        let known = questions.get().into_iter();
        known.map(|(name, text)| view! { <option value=name>{text}</option> }).collect_view()
    };
    let ids = (FieldIds::new("regrade-week"), FieldIds::new("regrade-question"));
    view! {
        <Card title=SETTINGS.regrade.to_owned()>
            <p class="soft">{SETTINGS.regrade_lead}</p>
            <Field ids=ids.0.clone() label=SETTINGS.regrade_week>
                <select
                    id=ids.0.control.clone()
                    aria-describedby=ids.0.described_by()
                    on:change=move |event| week.set(event_target_value(&event).parse().ok())
                >
                    <option value="">{SETTINGS.choose}</option>
                    {weeks.collect_view()}
                </select>
            </Field>
            <Field ids=ids.1.clone() label=SETTINGS.regrade_question>
                <select
                    id=ids.1.control.clone()
                    aria-describedby=ids.1.described_by()
                    prop:value=move || question.get()
                    on:change=move |event| question.set(event_target_value(&event))
                >
                    <option value="">{SETTINGS.choose}</option>
                    {options}
                </select>
            </Field>
            <div class="buttons">
                <Button
                    busy=busy
                    disabled=Signal::derive(move || question.with(String::is_empty))
                    on_press=regrade
                >
                    {SETTINGS.regrade_now}
                </Button>
            </div>
            <p role="status">{said}</p>
            {move || failure.get().map(|failure| view! { <ErrorBox failure=failure title=SETTINGS.regrade_failed/> })}
        </Card>
    }
}

/// The beginning of a question's text without its marks.
fn plain(html: &str) -> String {
    let mut text = String::new();
    let mut inside = false;
    for character in html.chars() {
        match character {
            '<' => inside = true,
            '>' => inside = false,
            _ if !inside => text.push(character),
            _ => {}
        }
    }
    let text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&");
    let words: Vec<&str> = text.split_whitespace().collect();
    let text = words.join(" ");
    if text.chars().count() <= TEXT_CHARACTERS {
        return text;
    }
    text.chars().take(TEXT_CHARACTERS).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test]
    fn a_question_is_named_by_its_first_words() {
        assert_eq!(plain("<p><code>가</code>는\n 몇 &lt;바이트&gt;인가요?</p>"), "가는 몇 <바이트>인가요?");
        assert_eq!(plain(&"가".repeat(100)).chars().count(), TEXT_CHARACTERS + 1);
    }
}
