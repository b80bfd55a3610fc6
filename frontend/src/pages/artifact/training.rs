//! The report of a pretraining: where it ended, how it got there, and what the model writes.

use leptos::prelude::*;
use shared::events::Series;
use shared::reports::pretrain::{EvaluationRecord, PretrainReport, Sample};

use crate::charts::{Chart, Line, Source};
use crate::components::{Card, Facts};
use crate::format;
use crate::run::RunRecord;
use crate::texts::texts;

/// A curve of fewer points is two numbers, which stand among the facts already.
const DRAWN_EVALUATIONS: usize = 3;

pub fn trained(report: PretrainReport) -> AnyView {
    let (texts, run) = (&texts().report, &texts().run);
    let record = (report.evaluations.len() >= DRAWN_EVALUATIONS).then(|| curves(&report.evaluations));
    let charts = record.map(|record| {
        let record = Signal::stored(record);
        let line = |series, label: &str| {
            vec![Line {
                source: Source::Series(series),
                label: label.to_owned(),
                colour: "--curve-2",
                marked: true,
            }]
        };
        let value = |value| format::significant(value, 4);
        view! {
            <Card title=run.tab_charts.to_owned()>
                <div class="charts">
                    <Chart
                        title=run.validation_loss
                        lines=line(Series::ValidationLoss, run.validation_loss)
                        record=record
                        show=value
                    />
                    <Chart
                        title=run.bits_per_byte
                        lines=line(Series::BitsPerByte, run.bits_per_byte)
                        record=record
                        show=value
                    />
                </div>
            </Card>
        }
    });
    let facts = facts(&report);
    let samples = (!report.samples.is_empty()).then(|| {
        let samples = report.samples.into_iter().map(sample);
        view! {
            <Card title=run.tab_samples.to_owned()>
                <p class="soft">{texts.samples_words}</p>
                <div class="sample-pair">{samples.collect_view()}</div>
            </Card>
        }
    });
    view! {
        <Card title=texts.overview.to_owned()><Facts facts=facts/></Card>
        {charts}
        {samples}
    }
    .into_any()
}

fn facts(report: &PretrainReport) -> Vec<(&'static str, String)> {
    let (texts, run) = (&texts().report, &texts().run);
    let training = &report.training;
    let four = |value| format::significant(value, 4);
    let count = |count: u64| format::count(count as f64);
    let measured = [
        (run.loss, training.training_loss),
        (run.validation_loss, training.validation_loss),
        (run.bits_per_byte, training.bits_per_byte),
    ];
    let mut facts: Vec<_> =
        measured.into_iter().filter_map(|(name, value)| Some((name, four(value?)))).collect();
    facts.extend([
        (run.tokens_per_second, format::count(report.tokens_per_second)),
        (run.took, format::duration(training.seconds)),
        (run.step, count(training.step)),
        (run.tokens, count(training.tokens)),
        (run.parameters, count(training.parameters)),
        (texts.training_documents, count(report.corpus_training_documents)),
        (texts.held_out_documents, count(report.corpus_held_out_documents)),
    ]);
    facts
}

/// As a run's own events would have drawn them.
fn curves(evaluations: &[EvaluationRecord]) -> RunRecord {
    let mut record = RunRecord::default();
    for evaluation in evaluations {
        for (series, value) in [
            (Series::ValidationLoss, evaluation.validation_loss),
            (Series::BitsPerByte, evaluation.bits_per_byte),
        ] {
            record.curves.entry(series).or_default().push(evaluation.step, value);
        }
    }
    record
}

fn sample(sample: Sample) -> impl IntoView {
    // The worker's text holds the prompt it went on from.
    let text = sample.text.strip_prefix(sample.prompt.as_str()).unwrap_or(&sample.text).to_owned();
    view! {
        <article class="sample">
            <p class="sample-text"><span class="sample-prompt">{sample.prompt}</span>{text}</p>
        </article>
    }
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test]
    fn evaluations_become_curves_in_order_of_their_steps() {
        let evaluation = |step, loss| EvaluationRecord {
            step,
            validation_loss: loss,
            bits_per_byte: loss / 2.0,
            tokens: 10,
        };
        let record = curves(&[evaluation(0, 8.0), evaluation(50, 6.0), evaluation(100, 5.0)]);
        assert_eq!(record.curves[&Series::ValidationLoss].outline(10), [(0, 8.0), (50, 6.0), (100, 5.0)]);
        assert_eq!(record.last(Series::BitsPerByte), Some((100, 2.5)));
    }
}
