//! The run's charts.

use leptos::prelude::*;
use shared::events::Series;

use crate::charts::{Chart, Line, Source};
use crate::components::EmptyState;
use crate::format;
use crate::run::RunRecord;
use crate::texts::texts;

#[component]
pub fn Curves(record: RwSignal<RunRecord>) -> impl IntoView {
    let texts = &texts().run;
    let has_metrics = Memo::new(move |_| record.with(RunRecord::has_metrics));
    let line = |series, label: &'static str| Line {
        source: Source::Series(series),
        label: label.to_owned(),
        colour: "--curve-1",
        marked: false,
    };
    let loss = move || {
        let validation = Line {
            source: Source::Series(Series::ValidationLoss),
            label: texts.loss_validation.to_owned(),
            colour: "--curve-2",
            marked: true,
        };
        vec![line(Series::TrainingLoss, texts.loss_training), validation]
    };
    let bits = move || {
        vec![Line {
            source: Source::Series(Series::BitsPerByte),
            label: texts.bits_per_byte.to_owned(),
            colour: "--curve-2",
            marked: true,
        }]
    };
    let has_preflight =
        Memo::new(move |_| record.with(|record| record.curves.contains_key(&Series::PreflightLoss)));
    let value = |value| format::significant(value, 4);
    view! {
        <Show
            when=move || has_metrics.get()
            fallback=move || view! { <EmptyState title=texts.no_metrics_title words=texts.no_metrics_words/> }
        >
            <div class="charts">
                <Chart title=texts.loss lines=loss() record=record show=value/>
                <Chart title=texts.bits_per_byte lines=bits() record=record show=value/>
                <Chart
                    title=texts.tokens_per_second
                    lines=vec![line(Series::TokensPerSecond, texts.tokens_per_second)]
                    record=record
                    show=format::count
                />
                <Chart
                    title=texts.learning_rate
                    lines=vec![line(Series::LearningRate, texts.learning_rate)]
                    record=record
                    show=|value| format::significant(value, 3)
                />
                <Chart
                    title=texts.memory
                    lines=vec![line(Series::MemoryBytes, texts.memory)]
                    record=record
                    show=format::bytes
                />
                <Chart
                    title=texts.gradient_norm
                    lines=vec![line(Series::GradientNorm, texts.gradient_norm)]
                    record=record
                    show=|value| format::significant(value, 3)
                />
                <Show when=move || has_preflight.get()>
                    <Chart
                        title=texts.preflight_loss
                        lines=vec![line(Series::PreflightLoss, texts.preflight_loss)]
                        record=record
                        show=value
                    />
                </Show>
            </div>
        </Show>
    }
}
