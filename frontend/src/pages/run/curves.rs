//! The run's charts.

use leptos::prelude::*;
use shared::events::Series;

use crate::charts::{Chart, Line};
use crate::components::EmptyState;
use crate::format;
use crate::run::RunRecord;
use crate::texts::texts;

#[component]
pub fn Curves(record: RwSignal<RunRecord>) -> impl IntoView {
    let texts = &texts().run;
    let has_metrics = Memo::new(move |_| record.with(RunRecord::has_metrics));
    let line = |series, label| Line { series, label, colour: "--curve-1", marked: false };
    let loss = move || {
        let validation = Line {
            series: Series::ValidationLoss,
            label: texts.loss_validation,
            colour: "--curve-2",
            marked: true,
        };
        vec![line(Series::TrainingLoss, texts.loss_training), validation]
    };
    let bits = move || {
        vec![Line {
            series: Series::BitsPerByte,
            label: texts.bits_per_byte,
            colour: "--curve-2",
            marked: true,
        }]
    };
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
            </div>
        </Show>
    }
}
