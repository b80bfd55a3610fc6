//! A few lines over one axis, as SVG: its colours are classes, so it follows the theme by itself.

use frontend::format;
use leptos::prelude::*;

const WIDTH: f64 = 440.0;
const HEIGHT: f64 = 250.0;
const LEFT: f64 = 52.0;
const RIGHT: f64 = 12.0;
const TOP: f64 = 14.0;
const BOTTOM: f64 = 44.0;

#[derive(Debug, Clone, PartialEq)]
pub struct ChartLine {
    pub label: &'static str,
    /// `accent-line`, `second-line` or `third-line`.
    pub class: &'static str,
    pub points: Vec<(f64, f64)>,
    /// Few values, each marked.
    pub marked: bool,
}

/// What both axes span, and how values lie on the picture.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Scale {
    x: (f64, f64),
    y: (f64, f64),
}

impl Scale {
    fn of(lines: &[ChartLine], from_zero: bool) -> Self {
        let points = || lines.iter().flat_map(|line| &line.points);
        let span = |values: &mut dyn Iterator<Item = f64>| {
            values.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| {
                (low.min(value), high.max(value))
            })
        };
        let x = span(&mut points().map(|(x, _)| *x));
        let (low, high) = span(&mut points().map(|(_, y)| *y));
        let low = if from_zero { low.min(0.0) } else { low };
        let room = if high > low { (high - low) * 0.06 } else { high.abs().max(1.0) * 0.1 };
        let bottom = if from_zero && low == 0.0 { 0.0 } else { low - room };
        let widened =
            |(low, high): (f64, f64)| if high > low { (low, high) } else { (low - 0.5, high + 0.5) };
        match x.0.is_finite() {
            true => Self { x: widened(x), y: widened((bottom, high + room)) },
            false => Self { x: (0.0, 1.0), y: (0.0, 1.0) },
        }
    }

    fn left(&self, x: f64) -> f64 {
        LEFT + (x - self.x.0) / (self.x.1 - self.x.0) * (WIDTH - LEFT - RIGHT)
    }

    fn top(&self, y: f64) -> f64 {
        HEIGHT - BOTTOM - (y - self.y.0) / (self.y.1 - self.y.0) * (HEIGHT - TOP - BOTTOM)
    }
}

/// Round numbers inside of a span, about so many.
pub fn ticks((low, high): (f64, f64), about: f64) -> Vec<f64> {
    let raw = (high - low) / about;
    let magnitude = 10_f64.powf(raw.log10().floor());
    let step = [1.0, 2.0, 5.0, 10.0].into_iter().map(|by| by * magnitude).find(|step| *step >= raw);
    let step = step.unwrap_or(magnitude * 10.0);
    let first = (low / step).ceil() as i64;
    let last = (high / step).floor() as i64;
    (first..=last).map(|index| index as f64 * step).collect()
}

#[component]
pub fn LineChart(
    #[prop(into)] lines: Signal<Vec<ChartLine>>,
    x_label: &'static str,
    y_label: &'static str,
    /// For people who do not see it.
    #[prop(into)]
    summary: Signal<String>,
    /// A place on the horizontal axis.
    #[prop(optional, into)]
    marker: MaybeProp<f64>,
    #[prop(default = true)] from_zero: bool,
) -> impl IntoView {
    let scale = Memo::new(move |_| lines.with(|lines| Scale::of(lines, from_zero)));
    let grid = move || {
        let scale = scale.get();
        let across = ticks(scale.y, 4.0).into_iter().map(|y| {
            let top = scale.top(y);
            view! {
                <line class="chart-grid" x1=LEFT x2=WIDTH - RIGHT y1=top y2=top></line>
                <text class="chart-tick" x=LEFT - 6.0 y=top + 4.0 text-anchor="end">{format::significant(y, 3)}</text>
            }
        });
        let along = ticks(scale.x, 5.0).into_iter().map(|x| {
            view! {
                <text class="chart-tick" x=scale.left(x) y=HEIGHT - BOTTOM + 16.0 text-anchor="middle">
                    {format::significant(x, 3)}
                </text>
            }
        });
        (across.collect_view(), along.collect_view())
    };
    let drawn = move || {
        let scale = scale.get();
        lines.with(|lines| lines.iter().map(|line| line_view(line, scale)).collect_view())
    };
    let mark = move || {
        let at = scale.get().left(marker.get()?);
        Some(view! { <line class="chart-marker" x1=at x2=at y1=TOP y2=HEIGHT - BOTTOM></line> })
    };
    let legend = move || {
        let of_line = |line: &ChartLine| {
            view! { <li class=line.class><span class="chart-key" aria-hidden="true"></span>{line.label}</li> }
        };
        lines.with(|lines| (lines.len() > 1).then(|| lines.iter().map(of_line).collect_view()))
    };
    // Before there is anything to sum up, it is named by what it will show.
    let named =
        move || Some(summary.get()).filter(|words| !words.is_empty()).unwrap_or_else(|| y_label.to_owned());
    view! {
        <figure class="lab-chart">
            <svg viewBox=format!("0 0 {WIDTH} {HEIGHT}") role="img" aria-label=named>
                {grid}
                <text class="chart-axis" x=(LEFT + WIDTH - RIGHT) / 2.0 y=HEIGHT - 8.0 text-anchor="middle">{x_label}</text>
                {drawn}
                {mark}
            </svg>
            <figcaption><span>{y_label}</span><ul class="chart-legend">{legend}</ul></figcaption>
        </figure>
    }
}

fn line_view(line: &ChartLine, scale: Scale) -> impl IntoView + use<> {
    let place = |(x, y): &(f64, f64)| (scale.left(*x), scale.top(*y));
    let path: Vec<String> =
        line.points.iter().map(place).map(|(left, top)| format!("{left:.1},{top:.1}")).collect();
    let dots = line.marked.then(|| {
        let dot = |(left, top)| view! { <circle class=format!("chart-dot {}", line.class) cx=left cy=top r="4"></circle> };
        line.points.iter().map(place).map(dot).collect_view()
    });
    view! {
        <polyline class=format!("chart-line {}", line.class) points=path.join(" ")></polyline>
        {dots}
    }
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::{ChartLine, Scale, ticks};

    #[wasm_bindgen_test]
    fn ticks_are_round_numbers_inside_of_the_span() {
        assert_eq!(ticks((0.0, 10.0), 5.0), [0.0, 2.0, 4.0, 6.0, 8.0, 10.0]);
        assert_eq!(ticks((1.3, 2.6), 3.0), [1.5, 2.0, 2.5]);
    }

    #[wasm_bindgen_test]
    fn one_point_has_a_place_too() {
        let points = vec![(3.0, 7.0)];
        let scale = Scale::of(&[ChartLine { label: "", class: "", points, marked: true }], true);
        assert!(scale.left(3.0).is_finite() && scale.top(7.0).is_finite());
        let empty = Scale::of(&[], true);
        assert!(empty.left(0.5).is_finite());
    }
}
