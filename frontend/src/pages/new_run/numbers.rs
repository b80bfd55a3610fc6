//! The numbers of the specs, each with what is wrong with it.

use leptos::prelude::*;
use shared::spec::{ArchitectureSpec, Decay, PretrainSpec};

use super::form::{Draft, Form, Typed};
use super::method::Method;
use crate::components::{Field, FieldIds, aria_invalid};
use crate::texts::{said, texts};

/// One number: where it stands in the specs, how it is read and written.
#[derive(Clone, Copy)]
struct Number {
    /// As problems name it.
    field: &'static str,
    label: &'static str,
    hint: &'static str,
    read: fn(&Draft) -> String,
    /// Says whether the text was a number of its kind.
    write: fn(&mut Draft, &str) -> bool,
}

fn put<T: std::str::FromStr>(place: &mut T, text: &str) -> bool {
    match text.trim().parse() {
        Ok(value) => {
            *place = value;
            true
        }
        Err(_) => false,
    }
}

/// A number of the model's shape, for the architectures that have it.
macro_rules! of_model {
    ($($architecture:ident)|+, $name:ident, $texts:ident, $hint:ident) => {
        Number {
            field: concat!("model.", stringify!($name)),
            label: $texts.$name,
            hint: $texts.$hint,
            read: |draft| {
                #[allow(unreachable_patterns)]
                match &draft.pretrain.model {
                    $(ArchitectureSpec::$architecture(model) => model.$name.to_string(),)+
                    _ => String::new(),
                }
            },
            write: |draft, text| {
                #[allow(unreachable_patterns)]
                match &mut draft.pretrain.model {
                    $(ArchitectureSpec::$architecture(model) => put(&mut model.$name, text),)+
                    _ => false,
                }
            },
        }
    };
}

fn numbers(spec: &PretrainSpec) -> Vec<Number> {
    let texts = &texts().new_run;
    let mut numbers = vec![
        Number {
            field: "tokenizer.vocabulary_size",
            label: texts.vocabulary_size,
            hint: texts.vocabulary_size_hint,
            read: |draft| draft.tokenizer.vocabulary_size.to_string(),
            // The tokenizer's and the model's are one number.
            write: |draft, text| {
                let is_number = put(&mut draft.tokenizer.vocabulary_size, text);
                draft.pretrain.model.set_vocabulary_size(draft.tokenizer.vocabulary_size);
                is_number
            },
        },
        of_model!(Llama | Gpt2, context_length, texts, context_length_hint),
        of_model!(Llama | Gpt2, layers, texts, layers_hint),
        of_model!(Llama | Gpt2, hidden_size, texts, hidden_size_hint),
        of_model!(Llama | Gpt2, heads, texts, heads_hint),
        of_model!(Llama | Gpt2, feed_forward_size, texts, feed_forward_size_hint),
        Number {
            field: "steps",
            label: texts.steps,
            hint: texts.steps_hint,
            read: |draft| draft.pretrain.steps.to_string(),
            write: |draft, text| put(&mut draft.pretrain.steps, text),
        },
        Number {
            field: "schedule.warmup_steps",
            label: texts.warmup_steps,
            hint: texts.warmup_steps_hint,
            read: |draft| draft.pretrain.schedule.warmup_steps.to_string(),
            write: |draft, text| put(&mut draft.pretrain.schedule.warmup_steps, text),
        },
        Number {
            field: "batch.rows",
            label: texts.rows,
            hint: texts.rows_hint,
            read: |draft| draft.pretrain.batch.rows.to_string(),
            write: |draft, text| put(&mut draft.pretrain.batch.rows, text),
        },
        Number {
            field: "optimizer.learning_rate",
            label: texts.learning_rate,
            hint: texts.learning_rate_hint,
            read: |draft| draft.pretrain.optimizer.learning_rate.to_string(),
            write: |draft, text| put(&mut draft.pretrain.optimizer.learning_rate, text),
        },
        Number {
            field: "validation.every_steps",
            label: texts.every_steps,
            hint: texts.every_steps_hint,
            read: |draft| draft.pretrain.validation.every_steps.to_string(),
            write: |draft, text| put(&mut draft.pretrain.validation.every_steps, text),
        },
        Number {
            field: "seed",
            label: texts.seed,
            hint: texts.seed_hint,
            read: |draft| draft.pretrain.seed.to_string(),
            write: |draft, text| put(&mut draft.pretrain.seed, text),
        },
    ];
    let mut insert_after = |field: &str, number: Number| {
        let place = numbers.iter().position(|other| other.field == field).unwrap_or(0);
        numbers.insert(place + 1, number);
    };
    if let ArchitectureSpec::Llama(_) = spec.model {
        let shared = of_model!(Llama, key_value_heads, texts, key_value_heads_hint);
        insert_after("model.heads", shared);
    }
    if let Decay::WarmupStableDecay { .. } = spec.schedule.decay {
        let decay_steps = Number {
            field: "schedule.decay.decay_steps",
            label: texts.decay_steps,
            hint: texts.decay_steps_hint,
            read: |draft| match draft.pretrain.schedule.decay {
                Decay::WarmupStableDecay { decay_steps } => decay_steps.to_string(),
                Decay::Cosine => String::new(),
            },
            write: |draft, text| match &mut draft.pretrain.schedule.decay {
                Decay::WarmupStableDecay { decay_steps } => put(decay_steps, text),
                Decay::Cosine => false,
            },
        };
        insert_after("schedule.warmup_steps", decay_steps);
    }
    if spec.muon.is_some() {
        let rate = Number {
            field: "muon.learning_rate",
            label: texts.muon_rate,
            hint: texts.muon_rate_hint,
            read: |draft| {
                draft.pretrain.muon.as_ref().map_or(String::new(), |muon| muon.learning_rate.to_string())
            },
            write: |draft, text| {
                draft.pretrain.muon.as_mut().is_some_and(|muon| put(&mut muon.learning_rate, text))
            },
        };
        insert_after("optimizer.learning_rate", rate);
    }
    numbers
}

/// What was typed, over what was fitted.
pub fn put_all(draft: &mut Draft, typed: &Typed) {
    for number in numbers(&draft.pretrain) {
        if let Some(text) = typed.get(number.field) {
            (number.write)(draft, text);
        }
    }
}

/// Whether a problem is about one of the numbers here.
pub fn is_number(spec: &PretrainSpec, field: &str) -> bool {
    numbers(spec).iter().any(|number| number.field == field)
}

#[component]
pub fn Numbers(form: Form) -> impl IntoView {
    // Another architecture and another way to train have other numbers.
    let kinds = Memo::new(move |_| {
        form.draft.with(|draft| (draft.pretrain.model.kind(), Method::of(&draft.pretrain)))
    });
    let fields = move || {
        // Read, not only tracked: a memo that nobody reads is never made and never changes.
        let _ = kinds.get();
        let numbers = form.draft.with_untracked(|draft| numbers(&draft.pretrain));
        numbers.into_iter().map(|number| view! { <NumberField form=form number=number/> }).collect_view()
    };
    view! { <div class="numbers">{fields}</div> }
}

#[component]
fn NumberField(form: Form, number: Number) -> impl IntoView {
    let texts = &texts().new_run;
    // What is being typed stands as typed; the draft's own number comes back when the field is left.
    let typed = RwSignal::new(None::<String>);
    let is_number = RwSignal::new(true);
    let shown = move || typed.get().unwrap_or_else(|| form.draft.with(number.read));
    let take = move |event| {
        let text = event_target_value(&event);
        let mut draft = form.draft.get_untracked();
        let readable = (number.write)(&mut draft, &text);
        is_number.set(readable);
        if readable {
            form.typed.update(|typed| drop(typed.insert(number.field.to_owned(), text.clone())));
            form.draft.set(draft);
        }
        typed.set(Some(text));
    };
    let leave = move |_| {
        typed.set(None);
        is_number.set(true);
    };
    let error = Signal::derive(move || {
        if !is_number.get() {
            return Some(texts.no_number.to_owned());
        }
        form.problem_of(|field| field == number.field).map(|problem| said::problem(&problem))
    });
    let ids = FieldIds::new(&format!("run-{}", number.field.replace('.', "-")));
    view! {
        <Field ids=ids.clone() label=number.label hint=number.hint error=error>
            <input
                type="text"
                inputmode="decimal"
                autocomplete="off"
                id=ids.control.clone()
                aria-describedby=ids.described_by()
                aria-invalid=aria_invalid(error)
                prop:value=shown
                on:input=take
                on:blur=leave
            />
        </Field>
    }
}
