//! `prompt-variations`: one model continues several beginnings with the same seed, side by side.

use frontend::components::{Button, ButtonKind, Field, FieldIds};
use frontend::engine::Desk;
use frontend::texts::fill;
use leptos::prelude::*;
use shared::engine::Prompt;

use super::Frame;
use super::models::Beginnings;
use super::open_model::OpenModel;
use super::words::VARIATIONS;

const PROMPTS_AT_MOST: usize = 8;
const TOKENS: u32 = 40;
const TOKENS_AT_MOST: u32 = 200;

/// A beginning, and what the model made of it.
#[derive(Clone, Copy)]
struct Line {
    /// Never another's, also after one was taken out.
    number: u32,
    prompt: RwSignal<String>,
    text: RwSignal<String>,
    standing: RwSignal<Standing>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Standing {
    Idle,
    Waiting,
    Writing,
    Done,
}

impl Line {
    fn new(number: u32, prompt: String) -> Self {
        Self {
            number,
            prompt: RwSignal::new(prompt),
            text: RwSignal::new(String::new()),
            standing: RwSignal::new(Standing::Idle),
        }
    }
}

/// What every prompt of the lab is; the model is opened below it.
#[derive(Clone, Copy)]
struct Given {
    prompts: StoredValue<Vec<String>>,
}

#[component]
pub fn PromptVariations(settings: Beginnings) -> impl IntoView {
    provide_context(Given { prompts: StoredValue::new(settings.prompts) });
    view! {
        <Frame title=VARIATIONS.title lead=VARIATIONS.lead>
            <OpenModel id="variations-model" children=|desk| view! { <Lines desk=desk/> }.into_any()/>
        </Frame>
    }
}

#[component]
fn Lines(desk: Desk) -> impl IntoView {
    let prompts = use_context::<Given>().map(|given| given.prompts.get_value()).unwrap_or_default();
    let lines: Vec<Line> = (0..).zip(prompts).map(|(number, prompt)| Line::new(number, prompt)).collect();
    let numbers = StoredValue::new(lines.len() as u32);
    let lines = RwSignal::new(lines);
    // The same for all, and the same again.
    desk.settings.update(|settings| {
        settings.new_seed_each_time = false;
        settings.temperature = 0.0;
        settings.maximum_tokens = TOKENS;
    });
    let running = RwSignal::new(false);
    let write_all = move || {
        running.set(true);
        lines.with_untracked(|lines| {
            for line in lines {
                line.text.set(String::new());
                line.standing.set(Standing::Waiting);
            }
        });
        next(desk, lines, running);
    };
    let stop = move || {
        running.set(false);
        desk.stop();
        lines.with_untracked(|lines| {
            for line in lines.iter().filter(|line| line.standing.get_untracked() == Standing::Waiting) {
                line.standing.set(Standing::Idle);
            }
        });
    };
    // The text before is at its end: the next one's turn. What failed would fail again, and its error is not to be
    // covered by another line's success.
    Effect::new(move || {
        let (is_over, failed) = desk.progress.with(|progress| {
            (progress.ending.is_some() || progress.failure.is_some(), progress.failure.is_some())
        });
        if !is_over || desk.is_writing() || !running.get_untracked() {
            return;
        }
        if failed {
            stop();
        } else {
            next(desk, lines, running);
        }
    });
    // One button, so that whoever pressed it with the keyboard stops with the same key.
    let press = move |()| if running.get_untracked() { stop() } else { write_all() };
    let cannot_begin =
        Signal::derive(move || !running.get() && (!desk.is_ready() || lines.with(Vec::is_empty)));
    let add = move |()| {
        let number = numbers.try_update_value(|numbers| {
            *numbers += 1;
            *numbers - 1
        });
        lines.update(|lines| lines.push(Line::new(number.unwrap_or_default(), String::new())));
    };
    let remove = move |number: u32| lines.update(|lines| lines.retain(|line| line.number != number));
    let is_full = Signal::derive(move || running.get() || lines.with(|lines| lines.len() >= PROMPTS_AT_MOST));
    let said = move || {
        let failed = desk.progress.with(|progress| progress.failure.is_some());
        let done = lines.with(|lines| lines.iter().all(|line| line.standing.get() == Standing::Done));
        match (running.get(), failed) {
            (true, _) => Some(VARIATIONS.writing.to_owned()),
            (false, true) => Some(VARIATIONS.failed.to_owned()),
            (false, false) if done => {
                lines.with(|lines| Some(fill(VARIATIONS.done, &[("n", &lines.len().to_string())])))
            }
            (false, false) => None,
        }
    };
    view! {
        <Numbers desk=desk running=running/>
        <ul class="variations">
            <For each=move || lines.get() key=|line| line.number let:line>{shown(line, running, remove)}</For>
        </ul>
        <div class="buttons">
            <Button kind=ButtonKind::Primary disabled=cannot_begin on_press=press>
                {move || if running.get() { VARIATIONS.stop } else { VARIATIONS.write }}
            </Button>
            <Button disabled=is_full on_press=add>{VARIATIONS.add}</Button>
        </div>
        <p class="soft" role="status">{said}</p>
    }
}

/// Lets the model write the first line that waits.
fn next(desk: Desk, lines: RwSignal<Vec<Line>>, running: RwSignal<bool>) {
    let (before, waiting) = lines.with_untracked(|lines| {
        let of =
            |standing: Standing| lines.iter().find(|line| line.standing.get_untracked() == standing).copied();
        (of(Standing::Writing), of(Standing::Waiting))
    });
    if let Some(before) = before {
        before.standing.set(Standing::Done);
    }
    let Some(line) = waiting else {
        running.set(false);
        return;
    };
    line.standing.set(Standing::Writing);
    let prompt = Prompt::Text(line.prompt.get_untracked());
    desk.write(prompt, false, move |words, _| {
        // The lab may have been left, or the line taken out.
        line.text.try_update(|text| text.push_str(words));
    });
}

#[component]
fn Numbers(desk: Desk, running: RwSignal<bool>) -> impl IntoView {
    let ids = ["variations-temperature", "variations-tokens", "variations-seed"].map(FieldIds::new);
    let [temperature_ids, tokens_ids, seed_ids] = ids;
    let set = move |change: fn(&mut frontend::engine::Settings, &str)| {
        move |event: leptos::ev::Event| desk.settings.update(|it| change(it, &event_target_value(&event)))
    };
    let of = move |read: fn(&frontend::engine::Settings) -> String| move || desk.settings.with(read);
    view! {
        <div class="fields-in-a-row">
            <Field ids=temperature_ids.clone() label=VARIATIONS.temperature hint=VARIATIONS.temperature_hint>
                <input
                    type="number"
                    min="0"
                    max="2"
                    step="0.1"
                    id=temperature_ids.control.clone()
                    aria-describedby=temperature_ids.described_by()
                    readonly=move || running.get()
                    prop:value=of(|settings| settings.temperature.to_string())
                    on:change=set(|settings, text| {
                        if let Ok(value) = text.parse::<f64>() {
                            settings.temperature = value.clamp(0.0, 2.0);
                        }
                    })
                />
            </Field>
            <Field ids=tokens_ids.clone() label=VARIATIONS.tokens>
                <input
                    type="number"
                    min="1"
                    max=TOKENS_AT_MOST.to_string()
                    id=tokens_ids.control.clone()
                    aria-describedby=tokens_ids.described_by()
                    readonly=move || running.get()
                    prop:value=of(|settings| settings.maximum_tokens.to_string())
                    on:change=set(|settings, text| {
                        if let Ok(value) = text.parse::<u32>() {
                            settings.maximum_tokens = value.clamp(1, TOKENS_AT_MOST);
                        }
                    })
                />
            </Field>
            <Field ids=seed_ids.clone() label=VARIATIONS.seed>
                <input
                    type="number"
                    min="0"
                    id=seed_ids.control.clone()
                    aria-describedby=seed_ids.described_by()
                    readonly=move || running.get()
                    prop:value=of(|settings| settings.seed.to_string())
                    on:change=set(|settings, text| {
                        if let Ok(value) = text.parse() {
                            settings.seed = value;
                        }
                    })
                />
            </Field>
        </div>
    }
}

fn shown(
    line: Line,
    running: RwSignal<bool>,
    remove: impl Fn(u32) + Copy + Send + Sync + 'static,
) -> impl IntoView {
    let label = fill(VARIATIONS.prompt, &[("n", &(line.number + 1).to_string())]);
    let hidden = format!(" ({label})");
    let written = move || match line.standing.get() {
        Standing::Waiting => view! { <span class="soft">{VARIATIONS.waiting}</span> }.into_any(),
        _ if line.text.with(String::is_empty) => ().into_any(),
        // The spaces at the seam are what this is about.
        _ => view! { {line.prompt.get()}<mark>{line.text.get()}</mark> }.into_any(),
    };
    view! {
        <li class="variation">
            <textarea
                rows="2"
                lang="ko"
                spellcheck="false"
                aria-label=label
                readonly=move || running.get()
                prop:value=move || line.prompt.get()
                on:input=move |event| line.prompt.set(event_target_value(&event))
            ></textarea>
            <p class="given" lang="ko">{written}</p>
            <Button kind=ButtonKind::Quiet disabled=running on_press=move |()| remove(line.number)>
                {VARIATIONS.remove}<span class="visually-hidden">{hidden}</span>
            </Button>
        </li>
    }
}
