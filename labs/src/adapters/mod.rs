//! `adapter-calculator`: how much LoRA, DoRA and WaveFT train, and what their change of a matrix looks like.

mod methods;
mod words;

use frontend::components::{Button, ButtonKind, Facts};
use frontend::format;
use frontend::texts::fill;
use leptos::prelude::*;
use serde::Deserialize;

use crate::parts::{Choices, HeatMap, LabFrame, Matrix, Slider};
use methods::{Method, change, rank, touched};

/// Of the pictures.
const SIZE: usize = 64;
/// PEFT's own for WaveFT.
const COEFFICIENTS: u64 = 2592;
/// A coefficient of the picture stands for as large a share of the matrix as one of the model's.
const PICTURE_WIDTH: u64 = 768;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    method: Option<Method>,
}

/// Which matrices of a block get an adapter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Targets {
    QueryAndValue,
    Attention,
    All,
}

impl Targets {
    /// Rows and columns of the chosen matrices of a Llama block with a feed-forward of 8/3 of its width.
    fn matrices(self, width: u64) -> Vec<(u64, u64)> {
        let wide = feed_forward(width);
        let square = (width, width);
        match self {
            Self::QueryAndValue => vec![square; 2],
            Self::Attention => vec![square; 4],
            Self::All => {
                let mut all = vec![square; 4];
                all.extend([(wide, width), (wide, width), (width, wide)]);
                all
            }
        }
    }
}

fn feed_forward(width: u64) -> u64 {
    (width * 8 / 3).div_ceil(64) * 64
}

/// What the adapter is set by.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Plan {
    method: Method,
    rank: u64,
    coefficients: u64,
    width: u64,
    layers: u64,
    targets: Targets,
    seed: u64,
}

impl Plan {
    fn trained(&self) -> u64 {
        let of =
            |(rows, columns): (u64, u64)| self.method.parameters(rows, columns, self.rank, self.coefficients);
        self.layers * self.targets.matrices(self.width).into_iter().map(of).sum::<u64>()
    }

    /// Weights of the blocks' matrices.
    fn weights(&self) -> u64 {
        let all = Targets::All.matrices(self.width).into_iter();
        self.layers * all.map(|(rows, columns)| rows * columns).sum::<u64>()
    }

    fn share(&self) -> String {
        format::significant(self.trained() as f64 / self.weights() as f64 * 100.0, 3)
    }

    fn picture(&self, method: Method) -> Matrix {
        let share = (SIZE * SIZE) as u64;
        let coefficients = (self.coefficients * share / (PICTURE_WIDTH * PICTURE_WIDTH)).max(1);
        let rank = (self.rank as usize).min(SIZE);
        change(method, SIZE, rank, coefficients.min(share) as usize, self.seed)
    }
}

#[component]
pub fn AdapterCalculator(settings: Settings) -> impl IntoView {
    let plan = RwSignal::new(Plan {
        method: settings.method.unwrap_or(Method::Lora),
        rank: 8,
        coefficients: COEFFICIENTS,
        width: 768,
        layers: 12,
        targets: Targets::QueryAndValue,
        seed: 1,
    });
    let facts = Signal::derive(move || {
        let plan = plan.get();
        let trained = plan.trained() as f64;
        vec![
            (words::TRAINED, format::count(trained)),
            (words::SHARE, format!("{}%", plan.share())),
            (words::BYTES, format::bytes(trained * 2.0)),
            (words::MODEL, format::count(plan.weights() as f64)),
        ]
    });
    let said = move || {
        let plan = plan.get();
        let trained = format::count(plan.trained() as f64);
        fill(words::SAID, &[("method", plan.method.name()), ("n", &trained), ("share", &plan.share())])
    };
    view! {
        <LabFrame title=words::TITLE lead=words::LEAD>
            <Choose plan=plan/>
            <div class="lab-result">
                <Facts facts=facts/>
                <p class="visually-hidden" role="status">{said}</p>
                <section>
                    <h4>{words::PICTURES}</h4>
                    <div class="heat-maps">
                        {Method::ALL.map(|method| view! { <Picture plan=plan method=method/> }).collect_view()}
                    </div>
                    <p class="soft">{words::PICTURES_HINT}</p>
                    <Button kind=ButtonKind::Quiet on_press=move |()| plan.update(|plan| plan.seed += 1)>
                        {words::AGAIN}
                    </Button>
                </section>
            </div>
        </LabFrame>
    }
}

#[component]
fn Choose(plan: RwSignal<Plan>) -> impl IntoView {
    let method = Memo::new(move |_| plan.get().method);
    let targets = Memo::new(move |_| plan.get().targets);
    let slider = move |label: &'static str,
                       bounds: (f64, f64),
                       step: f64,
                       get: fn(&Plan) -> u64,
                       set: fn(&mut Plan, u64)| {
        view! {
            <Slider
                label=label
                minimum=bounds.0
                maximum=bounds.1
                step=step
                value=Signal::derive(move || plan.with(get) as f64)
                on_change=move |value: f64| plan.update(|plan| set(plan, value as u64))
                shown=Signal::derive(move || format::count(plan.with(get) as f64))
            />
        }
    };
    let places = [
        (Targets::QueryAndValue, words::ATTENTION_TWO),
        (Targets::Attention, words::ATTENTION_ALL),
        (Targets::All, words::ALL_LINEAR),
    ];
    view! {
        <div class="lab-input">
            <div class="lab-samples">
                <Choices
                    label=words::METHOD
                    choices=Method::ALL.map(|method| (method, method.name().to_owned())).to_vec()
                    chosen=method
                    on_choose=move |method| plan.update(|plan| plan.method = method)
                />
            </div>
            <div class="lab-samples">
                <span class="soft">{words::TARGETS}</span>
                <Choices
                    label=words::TARGETS
                    choices=places.map(|(targets, name)| (targets, name.to_owned())).to_vec()
                    chosen=targets
                    on_choose=move |targets| plan.update(|plan| plan.targets = targets)
                />
            </div>
            <div class="knobs">
                {slider(words::RANK, (1.0, 64.0), 1.0, |plan| plan.rank, |plan, value| plan.rank = value)}
                {slider(words::COEFFICIENTS, (32.0, 20_000.0), 32.0, |plan| plan.coefficients, |plan, value| plan.coefficients = value)}
                {slider(words::WIDTH, (128.0, 4096.0), 128.0, |plan| plan.width, |plan, value| plan.width = value)}
                {slider(words::LAYERS, (1.0, 48.0), 1.0, |plan| plan.layers, |plan, value| plan.layers = value)}
            </div>
        </div>
    }
}

#[component]
fn Picture(plan: RwSignal<Plan>, method: Method) -> impl IntoView {
    // Width and layers change no picture.
    let shown = Memo::new(move |_| {
        let plan = plan.get();
        let matrix = plan.picture(method);
        let said = [
            ("rank", rank(&matrix).to_string()),
            ("touched", format::significant(touched(&matrix) * 100.0, 3)),
        ];
        (matrix, said)
    });
    let words_of = move |text: &str| {
        shown.with(|(_, [rank, touched])| {
            fill(text, &[("method", method.name()), (rank.0, &rank.1), (touched.0, &touched.1)])
        })
    };
    let explanation = match method {
        Method::Lora => words::LORA,
        Method::Dora => words::DORA,
        Method::Waveft => words::WAVEFT,
    };
    view! {
        <figure class="heat-figure" class=("chosen", move || plan.get().method == method)>
            <HeatMap
                matrix=Signal::derive(move || shown.with(|(matrix, _)| matrix.clone()))
                summary=Signal::derive(move || words_of(words::PICTURE_SUMMARY))
            />
            <figcaption>
                <strong>{method.name()}</strong>
                <span class="counts">{move || words_of(words::PICTURE_FACTS)}</span>
                <span class="soft">{explanation}</span>
            </figcaption>
        </figure>
    }
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::{Method, Plan, Targets};

    /// Twelve layers of 768 with rank 8 at q and v: the 294,912 of the LoRA paper's GPT-2 figures.
    #[wasm_bindgen_test]
    fn a_usual_adapter_trains_a_small_share() {
        let plan = Plan {
            method: Method::Lora,
            rank: 8,
            coefficients: 2592,
            width: 768,
            layers: 12,
            targets: Targets::QueryAndValue,
            seed: 1,
        };
        assert_eq!(plan.trained(), 294_912);
        assert_eq!(Plan { method: Method::Dora, ..plan }.trained(), 294_912 + 24 * 768);
        assert_eq!(Plan { method: Method::Waveft, ..plan }.trained(), 24 * 2592);
        assert_eq!(plan.weights(), 12 * (4 * 768 * 768 + 3 * 768 * 2048));
    }
}
