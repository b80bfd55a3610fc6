//! A matrix as a picture: one colour below zero, another above, the page's own ground at zero.

use frontend::appearance::use_appearance;
use frontend::browser;
use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::CanvasRenderingContext2d;

/// Pixels of one number.
const CELL: f64 = 4.0;

#[derive(Debug, Clone, PartialEq, Default)]
pub struct Matrix {
    pub rows: usize,
    pub columns: usize,
    pub values: Vec<f64>,
}

impl Matrix {
    pub fn new(rows: usize, columns: usize) -> Self {
        Self { rows, columns, values: vec![0.0; rows * columns] }
    }

    pub fn largest(&self) -> f64 {
        self.values.iter().fold(0.0, |largest, value| value.abs().max(largest))
    }
}

#[component]
pub fn HeatMap(
    #[prop(into)] matrix: Signal<Matrix>,
    /// For people who do not see it.
    #[prop(into)]
    summary: Signal<String>,
) -> impl IntoView {
    let canvas = NodeRef::<html::Canvas>::new();
    let appearance = use_appearance();
    Effect::new(move || {
        appearance.track();
        let Some(canvas) = canvas.get() else { return };
        matrix.with(|matrix| {
            canvas.set_width((matrix.columns as f64 * CELL) as u32);
            canvas.set_height((matrix.rows as f64 * CELL) as u32);
            let context = canvas.get_context("2d").ok().flatten().map(JsCast::dyn_into);
            if let Some(Ok(context)) = context {
                draw(&context, matrix);
            }
        });
    });
    view! { <canvas node_ref=canvas class="heat-map" role="img" aria-label=move || summary.get()></canvas> }
}

fn draw(context: &CanvasRenderingContext2d, matrix: &Matrix) {
    let colours = [browser::token("--curve-2"), browser::token("--curve-1")];
    let (width, height) = (matrix.columns as f64 * CELL, matrix.rows as f64 * CELL);
    context.set_global_alpha(1.0);
    context.set_fill_style_str(&browser::token("--sunken"));
    context.fill_rect(0.0, 0.0, width, height);
    let largest = matrix.largest();
    if largest == 0.0 {
        return;
    }
    for (at, value) in matrix.values.iter().enumerate().filter(|(_, value)| **value != 0.0) {
        let (row, column) = (at / matrix.columns, at % matrix.columns);
        context.set_global_alpha((value.abs() / largest).sqrt().min(1.0));
        context.set_fill_style_str(&colours[usize::from(*value > 0.0)]);
        context.fill_rect(column as f64 * CELL, row as f64 * CELL, CELL, CELL);
    }
}
