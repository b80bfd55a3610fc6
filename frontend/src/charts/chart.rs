//! A chart that follows a run.

use std::cell::RefCell;
use std::rc::Rc;

use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::events::{ParameterGroup, Series};
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{HtmlElement, ResizeObserver};

use super::uplot::{self, Drawing, PlotLine, PlotOptions, Scale};
use crate::run::{Curve, Measure, RunRecord, align};
use crate::texts::{fill, texts};
use crate::theme::use_appearance;
use crate::{browser, format};

/// Twice as many points as a large screen has columns.
const DRAWN_POINTS: usize = 2_000;
const HEIGHT: f64 = 240.0;

/// Which curve of the run.
#[derive(Debug, Clone, Copy)]
pub enum Source {
    Series(Series),
    Group(ParameterGroup, Measure),
}

impl Source {
    fn curve(self, record: &RunRecord) -> Option<&Curve> {
        match self {
            Self::Series(series) => record.curves.get(&series),
            Self::Group(group, measure) => record.groups.get(&group).map(|curves| curves.of(measure)),
        }
    }
}

/// A curve of the run in a colour of `tokens.css`.
#[derive(Debug, Clone)]
pub struct Line {
    pub source: Source,
    pub label: String,
    pub colour: &'static str,
    /// Few values, each marked.
    pub marked: bool,
}

#[component]
pub fn Chart(
    title: &'static str,
    lines: Vec<Line>,
    #[prop(into)] record: Signal<RunRecord>,
    show: fn(f64) -> String,
    #[prop(default = Scale::Linear)] scale: Scale,
) -> impl IntoView {
    let place = NodeRef::<html::Div>::new();
    let drawing: Rc<RefCell<Option<Drawing>>> = Rc::default();
    let is_loaded = RwSignal::new(false);
    let is_missing = RwSignal::new(false);
    let appearance = use_appearance();
    let lines = StoredValue::new(lines);
    spawn_local(async move {
        // The page may have gone meanwhile; then nobody waits for these.
        match uplot::load().await {
            Ok(()) => drop(is_loaded.try_set(true)),
            Err(_) => drop(is_missing.try_set(true)),
        }
    });
    let redraw = Rc::clone(&drawing);
    Effect::new(move |drawn_for: Option<Option<_>>| {
        let look = appearance.get();
        let data = record.with(|record| data(record, &lines.get_value(), scale));
        let (true, Some(place)) = (is_loaded.get(), place.get()) else { return None };
        let mut drawing = redraw.borrow_mut();
        match drawing.as_ref().filter(|_| drawn_for == Some(Some(look))) {
            Some(drawing) => drawing.set_data(&data),
            None => {
                // The old one leaves the page before the new one enters it.
                *drawing = None;
                let place: &HtmlElement = &place;
                match Drawing::new(&options(place, &lines.get_value(), show, scale), &data, place) {
                    Ok(new) => *drawing = Some(new),
                    Err(_) => is_missing.set(true),
                }
            }
        }
        Some(look)
    });
    keep_size(place, Rc::clone(&drawing));
    let gone = StoredValue::new_local(drawing);
    on_cleanup(move || gone.with_value(|drawing| drop(drawing.borrow_mut().take())));
    let summary = move || record.with(|record| summary(title, record, &lines.get_value()));
    view! {
        <figure class="chart">
            <figcaption>{title}</figcaption>
            <div node_ref=place class="chart-place" role="img" aria-label=summary></div>
            <Show when=move || is_missing.get()>
                <p class="field-error" role="alert">{texts().run.chart_missing}</p>
            </Show>
        </figure>
    }
}

fn data(record: &RunRecord, lines: &[Line], scale: Scale) -> wasm_bindgen::JsValue {
    // What a scale has no place for is left out.
    let has_place = |(_, value): &(u64, f64)| scale == Scale::Linear || *value > 0.0;
    let outlines: Vec<Vec<(u64, f64)>> = lines
        .iter()
        .map(|line| {
            let curve = line.source.curve(record);
            let points = curve.map(|curve| curve.outline(DRAWN_POINTS)).unwrap_or_default();
            points.into_iter().filter(has_place).collect()
        })
        .collect();
    let (steps, columns) = align(&outlines);
    uplot::data(&steps, &columns)
}

fn options(place: &HtmlElement, lines: &[Line], show: fn(f64) -> String, scale: Scale) -> PlotOptions {
    PlotOptions {
        width: f64::from(place.client_width().max(120)),
        height: HEIGHT,
        scale,
        step_label: texts().run.step.to_owned(),
        lines: lines
            .iter()
            .map(|line| PlotLine {
                label: line.label.clone(),
                colour: browser::token(line.colour),
                width: if line.marked { 2.0 } else { 1.5 },
                marked: line.marked,
            })
            .collect(),
        text_colour: browser::token("--ink-soft"),
        grid_colour: browser::token("--line"),
        font: format!("12px {}", browser::token("--font")),
        show,
    }
}

/// For people who do not see the curve.
fn summary(title: &str, record: &RunRecord, lines: &[Line]) -> String {
    let curve = lines.iter().find_map(|line| line.source.curve(record));
    let Some((curve, (step, last))) = curve.and_then(|curve| Some((curve, curve.last()?))) else {
        return title.to_owned();
    };
    let steps = fill(texts().common.steps, &[("n", &format::count(step as f64))]);
    let number = |value: f64| format::significant(value, 4);
    let first = curve.first().map(number).unwrap_or_default();
    let count = format::count(curve.len() as f64);
    let values =
        [("name", title), ("count", &count), ("steps", &steps), ("first", &first), ("last", &number(last))];
    fill(texts().run.chart_summary, &values)
}

/// A hidden tab has no width; it gets one when it is shown, and when the window changes.
fn keep_size(place: NodeRef<html::Div>, drawing: Rc<RefCell<Option<Drawing>>>) {
    let observed = StoredValue::new_local(None::<(ResizeObserver, Closure<dyn Fn()>)>);
    Effect::new(move || {
        let Some(place) = place.get() else { return };
        let drawing = Rc::clone(&drawing);
        let element: HtmlElement = place.clone().unchecked_into();
        let resized = Closure::<dyn Fn()>::new(move || {
            let width = f64::from(element.client_width());
            if let (true, Ok(drawing)) = (width > 0.0, drawing.try_borrow())
                && let Some(drawing) = drawing.as_ref()
            {
                drawing.set_size(width, HEIGHT);
            }
        });
        if let Ok(observer) = ResizeObserver::new(resized.as_ref().unchecked_ref()) {
            observer.observe(&place);
            observed.set_value(Some((observer, resized)));
        }
    });
    on_cleanup(move || {
        observed.update_value(|observed| {
            if let Some((observer, _)) = observed.take() {
                observer.disconnect();
            }
        });
    });
}
