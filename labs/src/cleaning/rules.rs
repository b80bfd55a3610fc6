//! The list of rules: on or off, with their numbers, in an order that one changes.

use frontend::components::{Button, ButtonKind};
use frontend::texts::fill;
use frontend::{browser, format};
use leptos::prelude::*;
use shared::spec::{CurateRule, CurateSpec};

use super::words;
use crate::parts::fresh_id;

/// One line of the list.
#[derive(Debug, Clone, PartialEq)]
pub struct RuleRow {
    /// Stays with the rule wherever it goes.
    id: usize,
    is_on: bool,
    rule: CurateRule,
}

impl RuleRow {
    pub fn standard() -> Vec<Self> {
        let rules = CurateSpec::standard().rules.into_iter().enumerate();
        rules.map(|(id, rule)| Self { id, is_on: true, rule }).collect()
    }

    pub fn chosen(rows: &[Self]) -> Vec<CurateRule> {
        rows.iter().filter(|row| row.is_on).map(|row| row.rule.clone()).collect()
    }
}

#[component]
pub fn RuleList(rules: RwSignal<Vec<RuleRow>>) -> impl IntoView {
    let heading = fresh_id("rules");
    let list = StoredValue::new(heading.clone());
    // The row that moves takes the focus with it.
    let move_row = move |id: usize, down: bool| {
        rules.update(|rows| {
            let Some(at) = rows.iter().position(|row| row.id == id) else { return };
            let to = if down { at + 1 } else { at.wrapping_sub(1) };
            if to < rows.len() {
                rows.swap(at, to);
            }
        });
        let button = button_id(&list.get_value(), id, down);
        request_animation_frame(move || browser::focus(&button));
    };
    let row = move |id: usize| {
        let rule =
            move || rules.with(|rows| rows.iter().find(|row| row.id == id).map(|row| row.rule.clone()));
        let change = move |change: &dyn Fn(&mut RuleRow)| {
            rules.update(|rows| rows.iter_mut().filter(|row| row.id == id).for_each(change));
        };
        let is_on = move || rules.with(|rows| rows.iter().any(|row| row.id == id && row.is_on));
        let place = Memo::new(move |_| rules.with(|rows| rows.iter().position(|row| row.id == id)));
        let is_first = Signal::derive(move || place.get() == Some(0));
        let is_last = Signal::derive(move || place.get().map(|at| at + 1) == Some(rules.with(Vec::len)));
        let name = rule().map(|rule| format::rule(rule.name()).to_owned()).unwrap_or_default();
        let (up, down) = (fill(words::UP, &[("rule", &name)]), fill(words::DOWN, &[("rule", &name)]));
        let mover = move |down: bool, label: String, sign: &'static str, cannot: Signal<bool>| {
            view! {
                <button
                    type="button"
                    class="rule-move"
                    id=button_id(&list.get_value(), id, down)
                    aria-label=label
                    aria-disabled=move || cannot.get().then_some("true")
                    on:click=move |_| if !cannot.get_untracked() { move_row(id, down) }
                >
                    {sign}
                </button>
            }
        };
        view! {
            <li class="rule-row" class=("off", move || !is_on())>
                <label class="rule-name">
                    <input
                        type="checkbox"
                        prop:checked=is_on
                        on:change=move |event| {
                            let checked = event_target_checked(&event);
                            change(&|row| row.is_on = checked);
                        }
                    />
                    <span>{name}</span>
                </label>
                <span class="rule-moves">
                    {mover(false, up, "↑", is_first)}
                    {mover(true, down, "↓", is_last)}
                </span>
                {rule().map(|rule| numbers(&rule, move |rule| change(&|row| row.rule = rule.clone())))}
            </li>
        }
    };
    view! {
        <div class="lab-rules">
            <h4 id=heading.clone()>{words::RULES}</h4>
            <p class="soft">{words::RULES_HINT}</p>
            <ol class="rule-rows" aria-labelledby=heading>
                <For each=move || rules.with(|rows| rows.iter().map(|row| row.id).collect::<Vec<_>>()) key=|id| *id let(id)>
                    {row(id)}
                </For>
            </ol>
            <Button kind=ButtonKind::Quiet on_press=move |()| rules.set(RuleRow::standard())>{words::RESET}</Button>
        </div>
    }
}

fn button_id(list: &str, row: usize, down: bool) -> String {
    format!("{list}-{row}-{}", if down { "down" } else { "up" })
}

/// What a rule is set by.
fn numbers(rule: &CurateRule, change: impl Fn(CurateRule) + Copy + Send + Sync + 'static) -> AnyView {
    match *rule {
        CurateRule::Length { minimum, maximum } => {
            let bounds = RwSignal::new((minimum, maximum));
            Effect::new(move |before: Option<(u64, u64)>| {
                let (minimum, maximum) = bounds.get();
                if before.is_some_and(|before| before != (minimum, maximum)) {
                    change(CurateRule::Length { minimum, maximum });
                }
                (minimum, maximum)
            });
            let whole = |text: String| text.trim().parse::<u64>().ok();
            view! {
                <span class="rule-numbers">
                    <label>
                        {words::MINIMUM_CHARACTERS}
                        <input
                            type="number"
                            min="0"
                            value=minimum.to_string()
                            on:input=move |event| {
                                if let Some(number) = whole(event_target_value(&event)) {
                                    bounds.update(|bounds| bounds.0 = number);
                                }
                            }
                        />
                    </label>
                    <label>
                        {words::MAXIMUM_CHARACTERS}
                        <input
                            type="number"
                            min="1"
                            value=maximum.to_string()
                            on:input=move |event| {
                                if let Some(number) = whole(event_target_value(&event)) {
                                    bounds.update(|bounds| bounds.1 = number);
                                }
                            }
                        />
                    </label>
                </span>
            }
            .into_any()
        }
        CurateRule::HangulShare { minimum } => {
            let share = RwSignal::new(minimum);
            let percent = move || format!("{:.0}%", share.get() * 100.0);
            view! {
                <span class="rule-numbers">
                    <label>
                        <span>{words::MINIMUM_SHARE}" "<output>{percent}</output></span>
                        <input
                            type="range"
                            min="0"
                            max="1"
                            step="0.05"
                            value=minimum.to_string()
                            on:input=move |event| {
                                if let Ok(minimum) = event_target_value(&event).parse::<f64>() {
                                    share.set(minimum);
                                    change(CurateRule::HangulShare { minimum });
                                }
                            }
                        />
                    </label>
                </span>
            }
            .into_any()
        }
        _ => ().into_any(),
    }
}
