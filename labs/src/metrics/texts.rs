//! BLEU, chrF and ROUGE of texts, by eojeol, character and jamo.

use frontend::components::{Field, FieldIds, TableBox};
use frontend::format;
use frontend::texts::fill;
use leptos::prelude::*;
use model::metrics::bleu::bleu;
use model::metrics::chrf::chrf;
use model::metrics::rouge::{Rouge, rouge_l, rouge_n};
use model::metrics::units::Unit;

use super::words;
use crate::parts::fresh_id;

/// Longer texts would make every key slow.
const LIMIT_CHARACTERS: usize = 4_000;

/// All scores in one unit, from 0 to 100.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Scores {
    bleu: f64,
    chrf: f64,
    rouge_1: f64,
    rouge_2: f64,
    rouge_l: f64,
    candidate_units: u64,
    reference_units: u64,
}

/// One of them.
type Score = fn(&Scores) -> f64;

impl Scores {
    fn of(pairs: &[(&str, &str)], unit: Unit) -> Self {
        let mean = |rouge: &dyn Fn(&str, &str) -> Rouge| {
            let sum: f64 = pairs.iter().map(|(candidate, reference)| rouge(candidate, reference).f1).sum();
            100.0 * sum / pairs.len().max(1) as f64
        };
        let bleu = bleu(pairs, unit);
        Self {
            bleu: bleu.score,
            chrf: chrf(pairs, unit),
            rouge_1: mean(&|candidate, reference| rouge_n(candidate, reference, 1, unit)),
            rouge_2: mean(&|candidate, reference| rouge_n(candidate, reference, 2, unit)),
            rouge_l: mean(&|candidate, reference| rouge_l(candidate, reference, unit)),
            candidate_units: bleu.candidate_units,
            reference_units: bleu.reference_units,
        }
    }
}

/// In the order of [`Unit::ALL`].
///
/// # Errors
/// In words for people, when lines are without a partner.
fn scores(candidate: &str, reference: &str) -> Result<[Scores; 3], String> {
    let lines = |text: &str| -> Vec<String> {
        let short: String = text.chars().take(LIMIT_CHARACTERS).collect();
        short.trim_end().lines().map(str::to_owned).collect()
    };
    let (candidates, references) = (lines(candidate), lines(reference));
    if candidates.len() != references.len() {
        let count = |lines: &[String]| lines.len().to_string();
        return Err(fill(
            words::UNEVEN,
            &[("reference", &count(&references)), ("candidate", &count(&candidates))],
        ));
    }
    let pairs: Vec<(&str, &str)> =
        candidates.iter().map(String::as_str).zip(references.iter().map(String::as_str)).collect();
    Ok(Unit::ALL.map(|unit| Scores::of(&pairs, unit)))
}

#[component]
pub fn Texts(reference: RwSignal<String>, candidate: RwSignal<String>) -> impl IntoView {
    let all = Memo::new(move |_| {
        candidate.with(|candidate| reference.with(|reference| scores(candidate, reference)))
    });
    let problem = Signal::derive(move || all.with(|all| all.as_ref().err().cloned()));
    let field = |name: &str, label: &'static str, text: RwSignal<String>, error: Signal<Option<String>>| {
        let ids = FieldIds::new(&fresh_id(name));
        view! {
            <Field ids=ids.clone() label=label hint=words::LINES error=error>
                <textarea
                    id=ids.control.clone()
                    aria-describedby=ids.described_by()
                    rows="3"
                    prop:value=move || text.get()
                    on:input=move |event| text.set(event_target_value(&event))
                ></textarea>
            </Field>
        }
    };
    let said = move || {
        all.with(|all| {
            let [_, character, _] = all.as_ref().ok()?;
            let number = |number: f64| format!("{number:.1}");
            Some(fill(
                words::SAID,
                &[
                    ("bleu", &number(character.bleu)),
                    ("chrf", &number(character.chrf)),
                    ("rouge", &number(character.rouge_l)),
                ],
            ))
        })
    };
    view! {
        <div class="lab-columns">
            {field("reference", words::REFERENCE, reference, Signal::derive(|| None))}
            {field("candidate", words::CANDIDATE, candidate, problem)}
        </div>
        <p class="counts" role="status">{said}</p>
        <TableBox label=words::TABLE>
            <thead>
                <tr>
                    <th scope="col">{words::METRIC}</th>
                    <th scope="col" class="number">{words::EOJEOL}</th>
                    <th scope="col" class="number">{words::CHARACTER}</th>
                    <th scope="col" class="number">{words::JAMO}</th>
                </tr>
            </thead>
            <tbody>{move || all.with(|all| all.as_ref().ok().map(rows))}</tbody>
        </TableBox>
        <p class="soft">{words::DEFAULT_WORDS}</p>
        <section>
            <h4>{words::WHY}</h4>
            <ul class="why">
                <li>{words::WHY_EOJEOL}" "{move || all.with(|all| all.as_ref().ok().map(gap))}</li>
                <li>{words::WHY_CHARACTER}</li>
                <li>{words::WHY_JAMO}</li>
                <li>{words::WHY_ENGLISH}</li>
            </ul>
        </section>
    }
}

fn rows(all: &[Scores; 3]) -> impl IntoView + use<> {
    let metrics: [(&str, Score); 5] = [
        ("BLEU", |scores| scores.bleu),
        ("chrF", |scores| scores.chrf),
        ("ROUGE-1", |scores| scores.rouge_1),
        ("ROUGE-2", |scores| scores.rouge_2),
        ("ROUGE-L", |scores| scores.rouge_l),
    ];
    let row = |(name, value): (&'static str, Score)| {
        let cell = |scores: &Scores| view! { <td class="number">{format!("{:.1}", value(scores))}</td> };
        view! { <tr><th scope="row">{name}</th>{all.iter().map(cell).collect_view()}</tr> }
    };
    let units = |scores: &Scores| {
        let count = |number: u64| format::count(number as f64);
        let shown = fill(
            words::UNITS_SHOWN,
            &[("candidate", &count(scores.candidate_units)), ("reference", &count(scores.reference_units))],
        );
        view! { <td class="number soft">{shown}</td> }
    };
    view! {
        {metrics.map(row).collect_view()}
        <tr><th scope="row">{words::UNITS}</th>{all.iter().map(units).collect_view()}</tr>
    }
}

fn gap(all: &[Scores; 3]) -> String {
    let [eojeol, character, _] = all;
    fill(words::GAP, &[("gap", &format!("{:.1}", (character.rouge_1 - eojeol.rouge_1).abs()))])
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::scores;

    #[wasm_bindgen_test]
    fn a_particle_costs_a_whole_eojeol_but_one_character() {
        let [eojeol, character, jamo] = scores("할머니가 밥을 먹는다", "할머니는 밥을 먹는다").unwrap();
        assert!((eojeol.rouge_1 - 66.67).abs() < 0.01, "{}", eojeol.rouge_1);
        assert!((character.rouge_1 - 88.89).abs() < 0.01, "{}", character.rouge_1);
        assert!(jamo.rouge_1 > character.rouge_1);
    }

    #[wasm_bindgen_test]
    fn the_same_text_has_full_marks_in_every_unit() {
        for scores in scores("저녁을 먹고 산책을 나갔다.", "저녁을 먹고 산책을 나갔다.").unwrap()
        {
            for score in [scores.bleu, scores.chrf, scores.rouge_1, scores.rouge_2, scores.rouge_l] {
                assert!((score - 100.0).abs() < 1e-9, "{score}");
            }
        }
    }

    #[wasm_bindgen_test]
    fn lines_need_a_partner() {
        assert!(scores("하나\n둘", "하나").is_err_and(|problem| problem.contains("정답은 1줄")));
        assert!(scores("하나\n", "하나").is_ok());
    }
}
