//! Vocabularies of several sizes, on the text that they were learnt from and on lines that were held out.
//!
//! One training serves all sizes: BPE is greedy, so a smaller vocabulary is the beginning of a larger one.

use std::time::Duration;

use frontend::components::{Field, FieldIds, TableBox, aria_invalid};
use frontend::texts::fill;
use frontend::{browser, format};
use leptos::prelude::*;
use serde::Deserialize;

use super::learned::{Learned, SMALLEST};
use super::{limited, stories, words};
use crate::parts::{ChartLine, LabFrame, LineChart, fresh_id};

const PAUSE: Duration = Duration::from_millis(400);
const LARGEST: u32 = 20_000;
const STANDARD: [u32; 7] = [300, 400, 600, 800, 1200, 1600, 2400];
const SAMPLE_DOCUMENTS: usize = 60;
const HELD_OUT_EVERY: usize = 5;
/// For the table's column on what a vocabulary costs.
const EMBEDDING_WIDTH: f64 = 256.0;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SweepSettings {
    text: Option<String>,
    sizes: Option<Vec<u32>>,
}

/// One size.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Row {
    /// What the text allows at most.
    size: u32,
    trained: f64,
    held_out: f64,
    held_out_tokens: u64,
}

#[derive(Debug, Clone, PartialEq)]
enum Sweep {
    Done {
        rows: Vec<Row>,
        trained_lines: usize,
        held_out_lines: usize,
    },
    /// Too few lines to hold any out.
    TooLittle,
    Failed(String),
}

/// # Errors
/// What the model core says; a text that can be read has none.
fn sweep(text: &str, sizes: &[u32]) -> Result<Sweep, String> {
    let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).collect();
    let is_held_out = |index: usize| index % HELD_OUT_EVERY == HELD_OUT_EVERY - 1;
    let part = |held_out: bool| -> Vec<&str> {
        let lines = lines.iter().enumerate().filter(|(index, _)| is_held_out(*index) == held_out);
        lines.map(|(_, line)| *line).collect()
    };
    let (trained, held_out) = (part(false), part(true));
    if held_out.is_empty() {
        return Ok(Sweep::TooLittle);
    }
    let largest = sizes.iter().copied().max().unwrap_or(SMALLEST);
    let learned = Learned::from_text(&trained.join("\n"), largest)?;
    let reachable = SMALLEST + learned.steps() as u32;
    let mut sizes: Vec<u32> = sizes.iter().map(|size| (*size).min(reachable)).collect();
    sizes.sort_unstable();
    sizes.dedup();
    let steps: Vec<usize> = sizes.iter().map(|size| (size - SMALLEST) as usize).collect();
    let bytes = |lines: &[&str]| lines.iter().map(|line| line.len()).sum::<usize>() as f64;
    let tokens = (learned.tokens_of(&trained, &steps)?, learned.tokens_of(&held_out, &steps)?);
    let per = |bytes: f64, tokens: u64| bytes / tokens.max(1) as f64;
    let rows = sizes.iter().enumerate().map(|(index, size)| Row {
        size: *size,
        trained: per(bytes(&trained), tokens.0[index]),
        held_out: per(bytes(&held_out), tokens.1[index]),
        held_out_tokens: tokens.1[index],
    });
    Ok(Sweep::Done { rows: rows.collect(), trained_lines: trained.len(), held_out_lines: held_out.len() })
}

/// The sizes in a field; `None` when one cannot be.
fn sizes(text: &str) -> Option<Vec<u32>> {
    let numbers = text.split([',', ' ']).filter(|part| !part.is_empty());
    let sizes: Option<Vec<u32>> = numbers
        .map(|part| part.parse().ok().filter(|size| (SMALLEST + 1..=LARGEST).contains(size)))
        .collect();
    sizes.filter(|sizes| !sizes.is_empty())
}

#[component]
pub fn VocabularySweep(settings: SweepSettings) -> impl IntoView {
    let text = RwSignal::new(settings.text.unwrap_or_else(|| stories(SAMPLE_DOCUMENTS)));
    let first = settings.sizes.unwrap_or_else(|| STANDARD.to_vec());
    let field = RwSignal::new(first.iter().map(u32::to_string).collect::<Vec<_>>().join(", "));
    let wrong = Signal::derive(move || {
        field.with(|field| sizes(field).is_none()).then(|| words::SIZES_WRONG.to_owned())
    });
    let done: RwSignal<Option<Sweep>> = RwSignal::new(None);
    browser::when_quiet(PAUSE, move || {
        let text = text.with(|text| limited(text));
        let sizes = field.with(|field| sizes(field))?;
        done.set(None);
        Some(move || {
            done.try_set(Some(sweep(&text, &sizes).unwrap_or_else(Sweep::Failed)));
        })
    });
    let (text_ids, sizes_ids) =
        (FieldIds::new(&fresh_id("sweep-text")), FieldIds::new(&fresh_id("sweep-sizes")));
    view! {
        <LabFrame title=words::SWEEP_TITLE lead=words::SWEEP_LEAD>
            <div class="lab-columns">
                <div>
                    <Field ids=text_ids.clone() label=words::TEXT hint=words::SWEEP_HINT>
                        <textarea
                            id=text_ids.control.clone()
                            aria-describedby=text_ids.described_by()
                            rows="9"
                            spellcheck="false"
                            class="lab-text"
                            prop:value=move || text.get()
                            on:input=move |event| text.set(event_target_value(&event))
                        ></textarea>
                    </Field>
                    <Field ids=sizes_ids.clone() label=words::SIZES hint=words::SIZES_HINT error=wrong>
                        <input
                            type="text"
                            id=sizes_ids.control.clone()
                            aria-describedby=sizes_ids.described_by()
                            aria-invalid=aria_invalid(wrong)
                            prop:value=move || field.get()
                            on:input=move |event| field.set(event_target_value(&event))
                        />
                    </Field>
                </div>
                <Drawn done=done/>
            </div>
            <p class="counts" role="status">{move || done.with(|done| said(done.as_ref()))}</p>
            {move || done.with(|done| table(done.as_ref()))}
        </LabFrame>
    }
}

#[component]
fn Drawn(done: RwSignal<Option<Sweep>>) -> impl IntoView {
    let rows = Signal::derive(move || {
        done.with(|done| match done {
            Some(Sweep::Done { rows, .. }) => rows.clone(),
            _ => Vec::new(),
        })
    });
    let lines = Signal::derive(move || {
        let line = |label, class, value: fn(&Row) -> f64| ChartLine {
            label,
            class,
            points: rows.get().iter().map(|row| (f64::from(row.size), value(row))).collect(),
            marked: true,
        };
        vec![
            line(words::HELD_OUT_LINE, "accent-line", |row| row.held_out),
            line(words::TRAINED_LINE, "second-line", |row| row.trained),
        ]
    });
    let summary = move || {
        let rows = rows.get();
        let (Some(first), Some(last)) = (rows.first(), rows.last()) else { return String::new() };
        fill(
            words::SWEEP_SUMMARY,
            &[
                ("first", &first.size.to_string()),
                ("last", &last.size.to_string()),
                ("low", &format::significant(first.held_out, 3)),
                ("high", &format::significant(last.held_out, 3)),
            ],
        )
    };
    view! {
        <LineChart
            lines=lines
            x_label=words::SWEEP_X
            y_label=words::SWEEP_Y
            summary=Signal::derive(summary)
        />
    }
}

fn said(done: Option<&Sweep>) -> String {
    match done {
        None => words::LEARNING.to_owned(),
        Some(Sweep::TooLittle) => words::TOO_LITTLE.to_owned(),
        Some(Sweep::Failed(problem)) => fill(words::FAILED, &[("problem", problem)]),
        Some(Sweep::Done { trained_lines, held_out_lines, .. }) => fill(
            words::SWEEP_REST,
            &[
                ("trained", &format::count(*trained_lines as f64)),
                ("held_out", &format::count(*held_out_lines as f64)),
            ],
        ),
    }
}

fn table(done: Option<&Sweep>) -> AnyView {
    let Some(Sweep::Done { rows, .. }) = done else { return ().into_any() };
    let row = |row: &Row| {
        let embedding = format::bytes(f64::from(row.size) * EMBEDDING_WIDTH * 4.0);
        view! {
            <tr>
                <th scope="row" class="number">{format::count(f64::from(row.size))}</th>
                <td class="number">{format::significant(row.held_out, 3)}</td>
                <td class="number">{format::significant(row.trained, 3)}</td>
                <td class="number">{format::count(row.held_out_tokens as f64)}</td>
                <td class="number">{embedding}</td>
            </tr>
        }
    };
    let rows = rows.iter().map(row).collect_view();
    view! {
        <TableBox label=words::SWEEP_TABLE>
            <thead>
                <tr>
                    <th scope="col" class="number">{words::SIZE}</th>
                    <th scope="col" class="number">{words::HELD_OUT_BYTES}</th>
                    <th scope="col" class="number">{words::TRAINED_BYTES}</th>
                    <th scope="col" class="number">{words::HELD_OUT_TOKENS}</th>
                    <th scope="col" class="number">{words::EMBEDDING}</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </TableBox>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::super::stories;
    use super::{Sweep, sizes, sweep};

    #[wasm_bindgen_test]
    fn a_larger_vocabulary_holds_more_bytes_in_a_token() {
        let Ok(Sweep::Done { rows, trained_lines, held_out_lines }) =
            sweep(&stories(30), &[300, 500, 50_000])
        else {
            panic!("it has been learnt")
        };
        assert!(trained_lines >= 4 * held_out_lines && held_out_lines > 5);
        assert_eq!(rows.len(), 3);
        assert!(rows[2].size < 50_000, "the text allows only so many");
        assert!(rows.windows(2).all(|pair| pair[0].held_out < pair[1].held_out));
        assert!(rows[2].held_out < rows[2].trained, "what was learnt by heart helps only there");
    }

    #[wasm_bindgen_test]
    fn sizes_are_read_and_wrong_ones_refused() {
        assert_eq!(sizes("300, 400,500"), Some(vec![300, 400, 500]));
        assert_eq!(sizes("262"), None);
        assert_eq!(sizes("삼백"), None);
        assert_eq!(sizes(""), None);
    }

    #[wasm_bindgen_test]
    fn a_text_of_a_few_lines_has_nothing_to_hold_out() {
        assert_eq!(sweep("하나\n둘", &[300]), Ok(Sweep::TooLittle));
    }
}
