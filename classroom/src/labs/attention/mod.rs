//! `attention-maps`: what each head of a model of one's own looks at.

mod map;
mod maps;
mod words;

use frontend::appearance::provide_appearance;
use frontend::components::{Button, ButtonKind, Field, FieldIds};
use frontend::engine::{Desk, error_words};
use frontend::texts::fill;
use leptos::prelude::*;
use serde::Deserialize;
use shared::engine::{Attention, EngineError};

use super::Frame;
use super::open_model::OpenModel;
use map::{LargeMap, SmallMap, Table};
use words::ATTENTION;

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    #[serde(default)]
    text: String,
}

/// The text that the lesson begins with.
#[derive(Clone, Copy)]
struct Given(StoredValue<String>);

#[component]
pub fn AttentionMaps(settings: Settings) -> impl IntoView {
    provide_appearance();
    provide_context(Given(StoredValue::new(settings.text)));
    view! {
        <Frame title=ATTENTION.title lead=ATTENTION.lead>
            <OpenModel id="attention-model" children=|desk| view! { <Looking desk=desk/> }.into_any()/>
        </Frame>
    }
}

#[component]
fn Looking(desk: Desk) -> impl IntoView {
    let given = use_context::<Given>().map(|given| given.0.get_value()).unwrap_or_default();
    let text = RwSignal::new(given);
    let found = RwSignal::new(None::<Result<Attention, EngineError>>);
    let busy = RwSignal::new(false);
    let look = move |()| {
        busy.set(true);
        desk.attend(text.get_untracked(), move |answer| {
            busy.try_set(false);
            found.try_set(Some(answer));
        });
    };
    let ids = FieldIds::new("attention-text");
    let shown = move || {
        found.get().map(|found| match found {
            Ok(attention) => view! { <Maps attention=attention/> }.into_any(),
            Err(error @ EngineError::Input { .. }) => {
                // What exactly stands beside it, for whoever asks.
                let title = error_words(&error);
                view! { <p class="field-error" role="alert" title=title>{ATTENTION.failed}</p> }.into_any()
            }
            Err(error) => view! { <p class="field-error" role="alert">{error_words(&error)}</p> }.into_any(),
        })
    };
    view! {
        <Field ids=ids.clone() label=ATTENTION.text hint=ATTENTION.text_hint>
            <input
                type="text"
                lang="ko"
                maxlength="400"
                autocomplete="off"
                id=ids.control.clone()
                aria-describedby=ids.described_by()
                prop:value=move || text.get()
                on:input=move |event| text.set(event_target_value(&event))
            />
        </Field>
        <div class="buttons">
            <Button
                kind=ButtonKind::Primary
                busy=busy
                disabled=Signal::derive(move || !desk.is_ready())
                on_press=look
            >
                {ATTENTION.look}
            </Button>
        </div>
        {shown}
    }
}

#[component]
fn Maps(attention: Attention) -> impl IntoView {
    let (layers, heads) = (attention.layers as usize, attention.heads as usize);
    let attention = StoredValue::new(attention);
    let (layer, head) = (RwSignal::new(0_usize), RwSignal::new(0_usize));
    let ids = FieldIds::new("attention-layer");
    let options = (0..layers).map(|number| {
        view! { <option value=number.to_string()>{(number + 1).to_string()}</option> }
    });
    let small = move |number: usize| {
        view! {
            <button
                type="button"
                class="attention-head"
                aria-pressed=move || (head.get() == number).to_string()
                on:click=move |_| head.set(number)
            >
                <SmallMap attention=attention layer=layer head=number/>
            </button>
        }
    };
    let ready = fill(ATTENTION.ready, &[("layers", &layers.to_string()), ("heads", &heads.to_string())]);
    view! {
        <p class="soft" role="status">{ready}</p>
        <Field ids=ids.clone() label=ATTENTION.layer>
            <select
                id=ids.control.clone()
                aria-describedby=ids.described_by()
                on:change=move |event| layer.set(event_target_value(&event).parse().unwrap_or(0))
            >
                {options.collect_view()}
            </select>
        </Field>
        <div class="attention-heads" role="group" aria-label=ATTENTION.heads>{(0..heads).map(small).collect_view()}</div>
        <LargeMap attention=attention layer=layer head=head/>
        <Table attention=attention layer=layer head=head/>
    }
}
