//! How large the model is: a size that was tried, or a depth that everything follows from.

use leptos::prelude::*;
use shared::spec::depth::Size;
use shared::spec::presets::Preset;

use super::form::Form;
use crate::components::{Field, FieldIds, Legend, Radio, aria_invalid};
use crate::texts::texts;

/// Deeper ones are nothing for the machines of a course; whoever has others types the numbers.
const DEEPEST: u32 = 24;
const FIRST_DEPTH: u32 = 4;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Tiny,
    Small,
    Depth,
}

fn kind(size: Size) -> Kind {
    match size {
        Size::Preset(Preset::Tiny) => Kind::Tiny,
        Size::Preset(Preset::Small) => Kind::Small,
        Size::Depth(_) => Kind::Depth,
    }
}

/// The depth that was typed, where it is one of the dial.
fn depth(text: &str) -> Option<u32> {
    text.trim().parse().ok().filter(|depth| (1..=DEEPEST).contains(depth))
}

#[component]
pub fn Sizes(form: Form) -> impl IntoView {
    let texts = &texts().new_run;
    let typed = RwSignal::new(match form.size.get_untracked() {
        Some(Size::Depth(depth)) => depth.to_string(),
        _ => FIRST_DEPTH.to_string(),
    });
    let take = move |size| {
        // Whoever chooses a size chooses its numbers.
        form.typed.set(Default::default());
        form.size.set(Some(size));
    };
    let choose = move |kind| match kind {
        Kind::Tiny => take(Size::Preset(Preset::Tiny)),
        Kind::Small => take(Size::Preset(Preset::Small)),
        Kind::Depth => {
            let depth = typed.with_untracked(|text| depth(text)).unwrap_or(FIRST_DEPTH);
            typed.set(depth.to_string());
            take(Size::Depth(depth));
        }
    };
    let choices = vec![
        (Kind::Tiny, texts.tiny, texts.tiny_words),
        (Kind::Small, texts.small, texts.small_words),
        (Kind::Depth, texts.depth, texts.depth_words),
    ];
    let chosen = Memo::new(move |_| form.size.get().map(kind));
    let error = Signal::derive(move || {
        typed.with(|text| depth(text).is_none()).then(|| texts.depth_wrong.to_owned())
    });
    let enter = move |event| {
        let text = event_target_value(&event);
        if let Some(depth) = depth(&text) {
            take(Size::Depth(depth));
        }
        typed.set(text);
    };
    let ids = StoredValue::new(FieldIds::new("run-depth"));
    view! {
        <Radio
            name="size"
            legend=Legend::Spoken(texts.size_title)
            choices=choices
            chosen=chosen
            on_choose=choose
        />
        <Show when=move || chosen.get() == Some(Kind::Depth)>
            <div class="depth">
                <Field ids=ids.get_value() label=texts.depth_label hint=texts.depth_hint error=error>
                    <input
                        type="text"
                        inputmode="numeric"
                        autocomplete="off"
                        id=ids.get_value().control
                        aria-describedby=ids.with_value(FieldIds::described_by)
                        aria-invalid=aria_invalid(error)
                        prop:value=move || typed.get()
                        on:input=enter
                    />
                </Field>
            </div>
        </Show>
    }
}

#[cfg(test)]
mod tests {
    use shared::spec::JobSpec;
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test]
    fn the_dial_takes_whole_layers_that_a_course_can_train() {
        assert_eq!([" 4 ", "1", "24"].map(depth), [Some(4), Some(1), Some(24)]);
        assert_eq!(["0", "25", "", "vier", "2.5"].map(depth), [None; 5]);
        for depth in 1..=DEEPEST {
            JobSpec::Pretrain(Size::Depth(depth).pretrain()).validate().unwrap();
        }
    }
}
