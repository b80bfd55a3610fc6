//! How the groups of parameters fare: what is off, in words, and the curves.

use leptos::prelude::*;
use shared::events::ParameterGroup;

use crate::charts::{Chart, Line, Scale, Source};
use crate::components::{TabPanel, Tabs};
use crate::format;
use crate::run::{Measure, Oddity, RunRecord, oddities};
use crate::texts::{fill, texts};

/// As many as can be told apart, from the first layer to the last.
const COLOURS: [&str; 5] = ["--depth-1", "--depth-2", "--depth-3", "--depth-4", "--depth-5"];

/// Groups that are looked at together; the ids of their tabs.
const KINDS: [&str; 3] = ["attention", "feed-forward", "others"];

#[component]
pub fn Groups(record: RwSignal<RunRecord>) -> impl IntoView {
    // Known with the first event, and then the same.
    let groups = Memo::new(move |_| record.with(|record| record.groups.keys().copied().collect::<Vec<_>>()));
    move || {
        let groups = groups.get();
        (!groups.is_empty()).then(|| view! { <Known groups=groups record=record/> })
    }
}

#[component]
fn Known(groups: Vec<ParameterGroup>, record: RwSignal<RunRecord>) -> impl IntoView {
    let texts = &texts().run;
    let selected = RwSignal::new(KINDS[0]);
    let tabs = vec![
        (KINDS[0], texts.group_attention.to_owned()),
        (KINDS[1], texts.group_feed_forward.to_owned()),
        (KINDS[2], texts.group_others.to_owned()),
    ];
    let panels = KINDS.map(|kind| {
        let of = |measure| lines(kind, &groups, measure);
        let (ratios, norms, dead) =
            (of(Measure::UpdateRatio), of(Measure::GradientNorm), of(Measure::DeadUnitShare));
        view! {
            <TabPanel id=kind selected=selected>
                <div class="charts">
                    <Chart
                        title=texts.group_update_ratio
                        lines=ratios
                        record=record
                        show=format::power
                        scale=Scale::Logarithmic
                    />
                    <Chart
                        title=texts.group_gradient_norm
                        lines=norms
                        record=record
                        show=format::power
                        scale=Scale::Logarithmic
                    />
                    {(kind == KINDS[1])
                        .then(|| view! {
                            <Chart
                                title=texts.group_dead_units
                                lines=dead
                                record=record
                                show=|share| format!("{:.0}%", 100.0 * share)
                            />
                        })}
                </div>
            </TabPanel>
        }
    });
    view! {
        <section class="groups">
            <h2>{texts.groups}</h2>
            <p class="soft">{texts.groups_words}</p>
            <Oddities record=record/>
            <Tabs label=texts.groups tabs=Signal::stored(tabs) selected=selected/>
            {panels.into_iter().collect_view()}
        </section>
    }
}

fn kind_of(group: ParameterGroup) -> &'static str {
    match group {
        ParameterGroup::Attention { .. } => KINDS[0],
        ParameterGroup::FeedForward { .. } => KINDS[1],
        ParameterGroup::Embedding | ParameterGroup::Norms | ParameterGroup::Head => KINDS[2],
    }
}

/// The groups of a kind, at most as many as there are colours: those of the first and the last layer are
/// always among them.
fn lines(kind: &str, groups: &[ParameterGroup], measure: Measure) -> Vec<Line> {
    let of_kind: Vec<ParameterGroup> =
        groups.iter().copied().filter(|group| kind_of(*group) == kind).collect();
    let drawn = of_kind.len().min(COLOURS.len());
    let place = |index: usize, of: usize| (index * of.saturating_sub(1)) / drawn.saturating_sub(1).max(1);
    (0..drawn)
        .filter_map(|index| {
            let group = *of_kind.get(place(index, of_kind.len()))?;
            let colour = COLOURS[place(index, COLOURS.len())];
            Some(Line { source: Source::Group(group, measure), label: name(group), colour, marked: false })
        })
        .collect()
}

/// Layers count from 1 for people.
fn name(group: ParameterGroup) -> String {
    let texts = &texts().run;
    let layer = |layer: u32| fill(texts.group_layer, &[("n", &(layer + 1).to_string())]);
    match group {
        ParameterGroup::Embedding => texts.group_embedding.to_owned(),
        ParameterGroup::Norms => texts.group_norms.to_owned(),
        ParameterGroup::Head => texts.group_head.to_owned(),
        ParameterGroup::Attention { layer: number } | ParameterGroup::FeedForward { layer: number } => {
            layer(number)
        }
    }
}

fn full_name(group: ParameterGroup) -> String {
    let texts = &texts().run;
    match group {
        ParameterGroup::Attention { .. } => format!("{} {}", name(group), texts.group_attention),
        ParameterGroup::FeedForward { .. } => format!("{} {}", name(group), texts.group_feed_forward),
        ParameterGroup::Embedding | ParameterGroup::Norms | ParameterGroup::Head => name(group),
    }
}

/// What is off now, each with what to try.
#[component]
fn Oddities(record: RwSignal<RunRecord>) -> impl IntoView {
    let texts = &texts().run;
    let found = Memo::new(move |_| record.with(oddities));
    let words = |(group, oddity): (ParameterGroup, Oddity)| {
        let (text, number) = match oddity {
            Oddity::LargeUpdates { ratio } => (texts.odd_large_updates, format::power(ratio)),
            Oddity::SmallUpdates { ratio } => (texts.odd_small_updates, format::power(ratio)),
            Oddity::DeadUnits { share } => (texts.odd_dead_units, format!("{:.0}", 100.0 * share)),
            Oddity::NoGradient => (texts.odd_no_gradient, String::new()),
        };
        view! { <li>{fill(text, &[("group", &full_name(group)), ("n", &number)])}</li> }
    };
    view! {
        <Show when=move || found.with(|found| !found.is_empty())>
            <div class="reason" data-state="failed" role="status">
                <ul class="prose">{move || found.get().into_iter().map(words).collect_view()}</ul>
            </div>
        </Show>
    }
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    fn of_layers(layers: u32) -> Vec<ParameterGroup> {
        let of_layer = |layer| [ParameterGroup::Attention { layer }, ParameterGroup::FeedForward { layer }];
        let blocks = (0..layers).flat_map(of_layer);
        [ParameterGroup::Embedding, ParameterGroup::Norms].into_iter().chain(blocks).collect()
    }

    fn drawn(kind: &str, layers: u32) -> Vec<(String, &'static str)> {
        let lines = lines(kind, &of_layers(layers), Measure::UpdateRatio);
        lines.into_iter().map(|line| (line.label, line.colour)).collect()
    }

    #[wasm_bindgen_test]
    fn a_deep_model_is_drawn_by_five_layers_from_the_first_to_the_last() {
        let lines = drawn(KINDS[0], 24);
        let names: Vec<&str> = lines.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["1층", "6층", "12층", "18층", "24층"]);
        let colours: Vec<&str> = lines.iter().map(|(_, colour)| *colour).collect();
        assert_eq!(colours, COLOURS);
    }

    #[wasm_bindgen_test]
    fn a_shallow_model_is_drawn_whole_with_its_ends_in_the_outermost_colours() {
        assert_eq!(drawn(KINDS[1], 1), [("1층".to_owned(), "--depth-1")]);
        let two = drawn(KINDS[1], 2);
        assert_eq!(two, [("1층".to_owned(), "--depth-1"), ("2층".to_owned(), "--depth-5")]);
        assert_eq!(drawn(KINDS[1], 4).len(), 4);
        assert_eq!(drawn(KINDS[2], 4).len(), 2);
    }

    #[wasm_bindgen_test]
    fn every_group_stands_under_one_tab() {
        let groups = of_layers(3);
        let shown: usize = KINDS.iter().map(|kind| lines(kind, &groups, Measure::GradientNorm).len()).sum();
        assert_eq!(shown, groups.len());
    }
}
