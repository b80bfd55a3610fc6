//! What became of the documents, and the way of one of them.

use frontend::format;
use frontend::texts::fill;
use leptos::prelude::*;
use shared::spec::CurateRule;

use super::difference::Part;
use super::trace::{Outcome, Reason, StepTrace};
use super::words;
use crate::parts::fresh_id;

#[component]
pub fn Result(outcome: Memo<Outcome>, rules: Memo<Vec<CurateRule>>) -> impl IntoView {
    let heading = fresh_id("result");
    let shown = RwSignal::new(0_usize);
    let count = Memo::new(move |_| outcome.with(|outcome| outcome.documents.len()));
    // A document that has gone is not looked at any more.
    let place = Memo::new(move |_| shown.get().min(count.get().saturating_sub(1)));
    let choice = move |index: usize| {
        let is_kept = Memo::new(move |_| {
            outcome.with(|outcome| outcome.documents.get(index).is_some_and(|document| document.is_kept()))
        });
        let mark = move || if is_kept.get() { words::KEPT } else { words::DROPPED };
        view! {
            <button
                type="button"
                class="choice document-choice"
                data-kept=move || is_kept.get().to_string()
                aria-pressed=move || (place.get() == index).to_string()
                on:click=move |_| shown.set(index)
            >
                {fill(words::DOCUMENT, &[("n", &(index + 1).to_string())])}" "<small>{mark}</small>
            </button>
        }
    };
    view! {
        <section class="lab-result" aria-labelledby=heading.clone()>
            <h4 id=heading.clone()>{words::RESULT}</h4>
            <p class="counts" role="status">{move || outcome.with(summary)}</p>
            <div class="choices lab-choices" role="group" aria-label=words::DOCUMENTS>
                <For each=move || 0..count.get() key=|index| *index let(index)>{choice(index)}</For>
            </div>
            {move || outcome.with(|outcome| rules.with(|rules| way(outcome, rules, place.get())))}
        </section>
    }
}

fn summary(outcome: &Outcome) -> String {
    let number = |number: usize| format::count(number as f64);
    fill(
        words::SUMMARY,
        &[
            ("documents", &number(outcome.documents.len())),
            ("kept", &number(outcome.kept())),
            ("before", &format::bytes(outcome.bytes_before() as f64)),
            ("after", &format::bytes(outcome.bytes_after() as f64)),
        ],
    )
}

fn way(outcome: &Outcome, rules: &[CurateRule], place: usize) -> AnyView {
    let Some(document) = outcome.documents.get(place) else { return ().into_any() };
    let steps = rules.iter().zip(&document.steps).map(|(rule, step)| step_view(rule, step)).collect_view();
    let nothing = rules.is_empty().then(|| view! { <p class="soft">{words::NO_RULES}</p> });
    let title = if document.is_kept() { words::FINAL } else { words::LAST_SEEN };
    view! {
        {nothing}
        <ol class="clean-steps">{steps}</ol>
        <h4>{title}</h4>
        <pre class="clean-text" tabindex="0">{document.text.clone()}</pre>
    }
    .into_any()
}

fn step_view(rule: &CurateRule, step: &StepTrace) -> AnyView {
    let (state, said) = match step {
        StepTrace::Passed if judges(rule) => ("same", words::STAYS.to_owned()),
        StepTrace::Passed => ("same", words::PASSED.to_owned()),
        StepTrace::Changed(parts) => ("changed", counts(parts)),
        StepTrace::Dropped(reason) => ("dropped", why(reason)),
    };
    let parts = match step {
        StepTrace::Changed(parts) => Some(marked(parts)),
        _ => None,
    };
    view! {
        <li class="clean-step" data-state=state>
            <p><strong>{format::rule(rule.name()).to_owned()}</strong>" "<span>{said}</span></p>
            {parts}
        </li>
    }
    .into_any()
}

fn judges(rule: &CurateRule) -> bool {
    matches!(rule, CurateRule::Length { .. } | CurateRule::HangulShare { .. } | CurateRule::ExactDuplicates)
}

fn counts(parts: &[Part]) -> String {
    let (mut removed, mut added) = (0, 0);
    for part in parts {
        match part {
            Part::Same(_) => {}
            Part::Removed(text) => removed += text.chars().count(),
            Part::Added(text) => added += text.chars().count(),
        }
    }
    fill(
        words::CHANGED,
        &[("removed", &format::count(removed as f64)), ("added", &format::count(added as f64))],
    )
}

fn why(reason: &Reason) -> String {
    let count = |number: u64| format::count(number as f64);
    match *reason {
        Reason::Length { characters, minimum, .. } if characters < minimum => {
            fill(words::TOO_SHORT, &[("n", &count(characters)), ("minimum", &count(minimum))])
        }
        Reason::Length { characters, maximum, .. } => {
            fill(words::TOO_LONG_DOCUMENT, &[("n", &count(characters)), ("maximum", &count(maximum))])
        }
        Reason::HangulShare { share: None, .. } => words::NO_LETTERS.to_owned(),
        Reason::HangulShare { share: Some(share), minimum } => {
            let percent = |share: f64| format!("{:.0}", share * 100.0);
            fill(words::TOO_FEW_HANGUL, &[("share", &percent(share)), ("minimum", &percent(minimum))])
        }
        Reason::Duplicate { of } => fill(words::DUPLICATE, &[("n", &(of + 1).to_string())]),
    }
}

/// Same text that is far from every change.
const CONTEXT_CHARACTERS: usize = 60;

fn marked(parts: &[Part]) -> impl IntoView + use<> {
    let last = parts.len().saturating_sub(1);
    let part = |(index, part): (usize, &Part)| match part {
        Part::Same(text) => view! { <span>{context(text, index > 0, index < last)}</span> }.into_any(),
        Part::Removed(text) => view! {
            <del><span class="visually-hidden">{words::REMOVED}" "</span>{visible(text)}</del>
        }
        .into_any(),
        Part::Added(text) => view! {
            <ins><span class="visually-hidden">{words::ADDED}" "</span>{visible(text)}</ins>
        }
        .into_any(),
    };
    view! { <p class="difference">{parts.iter().enumerate().map(part).collect_view()}</p> }
}

/// The ends of what stays, beside what changed.
fn context(text: &str, after_change: bool, before_change: bool) -> String {
    let characters: Vec<char> = text.chars().collect();
    let wanted = CONTEXT_CHARACTERS * (usize::from(after_change) + usize::from(before_change));
    if characters.len() <= wanted + CONTEXT_CHARACTERS {
        return text.to_owned();
    }
    let head: String = characters[..if after_change { CONTEXT_CHARACTERS } else { 0 }].iter().collect();
    let from = if before_change { characters.len() - CONTEXT_CHARACTERS } else { characters.len() };
    let tail: String = characters[from..].iter().collect();
    format!("{head} … {tail}")
}

/// What nobody sees gets a sign.
fn visible(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            ' ' => shown.push('·'),
            '\n' => shown.push_str("↵\n"),
            '\r' => shown.push('␍'),
            '\t' => shown.push('⇥'),
            '\u{a0}' => shown.push('⍽'),
            hidden if hidden.is_control() || is_invisible(hidden) => {
                shown.push_str(&format!("⟨U+{:04X}⟩", u32::from(hidden)));
            }
            _ => shown.push(character),
        }
    }
    shown
}

fn is_invisible(character: char) -> bool {
    matches!(character, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::{Reason, context, visible, why};

    #[wasm_bindgen_test]
    fn hidden_characters_are_shown() {
        assert_eq!(visible("가\u{200b} 나\r\n"), "가⟨U+200B⟩·나␍↵\n");
    }

    #[wasm_bindgen_test]
    fn a_long_stretch_without_changes_is_cut_in_its_middle() {
        let long = "가".repeat(400);
        let shown = context(&long, true, true);
        assert_eq!(shown.chars().count(), 123);
        assert_eq!(context("짧은 글", true, true), "짧은 글");
        assert_eq!(context(&long, false, false), " … ");
    }

    #[wasm_bindgen_test]
    fn the_reason_says_how_far_off_it_is() {
        let reason = Reason::HangulShare { share: Some(0.314), minimum: 0.5 };
        assert_eq!(why(&reason), "글자 가운데 한글이 31%라서 빠집니다. 50%는 되어야 합니다.");
        assert_eq!(why(&Reason::Duplicate { of: 0 }), "문서 1과 똑같아서 빠집니다.");
    }
}
