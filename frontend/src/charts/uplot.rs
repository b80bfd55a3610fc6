//! uPlot (MIT), loaded when the first chart is shown: its script defines one global.

use std::cell::RefCell;

use js_sys::{Array, Float64Array, Function, Object, Reflect};
use leptos::prelude::document;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, future_to_promise};
use web_sys::HtmlElement;

const SCRIPT: &str = "/vendor/uplot-1.6.32/dist/uPlot.iife.min.js";
const STYLES: &str = "/vendor/uplot-1.6.32/dist/uPlot.min.css";

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = uPlot)]
    pub type Plot;
    #[wasm_bindgen(catch, constructor, js_class = "uPlot")]
    fn new(options: &JsValue, data: &JsValue, target: &HtmlElement) -> Result<Plot, JsValue>;
    #[wasm_bindgen(method, js_name = setData)]
    fn set_data(this: &Plot, data: &JsValue);
    #[wasm_bindgen(method, js_name = setSize)]
    fn set_size(this: &Plot, size: &JsValue);
    #[wasm_bindgen(method)]
    fn destroy(this: &Plot);
}

thread_local! {
    /// Settled when uPlot is there; every chart waits for the same one.
    static LOADING: RefCell<Option<js_sys::Promise>> = const { RefCell::new(None) };
}

/// Waits until uPlot is there; the error is an element that did not load. The next chart tries again then.
pub async fn load() -> Result<(), JsValue> {
    let loading = LOADING.with_borrow_mut(|loading| {
        loading
            .get_or_insert_with(|| {
                future_to_promise(async {
                    add("link", &[("rel", "stylesheet"), ("href", STYLES)]).await?;
                    add("script", &[("src", SCRIPT)]).await?;
                    Ok(JsValue::UNDEFINED)
                })
            })
            .clone()
    });
    let loaded = JsFuture::from(loading.clone()).await;
    if loaded.is_err() {
        LOADING.with_borrow_mut(|now| drop(now.take_if(|now| Object::is(now, &loading))));
    }
    loaded.map(drop)
}

/// Adds an element that loads something, and waits for it.
async fn add(name: &str, attributes: &[(&str, &str)]) -> Result<(), JsValue> {
    let Some(head) = document().head() else { return Err("a page without a head".into()) };
    let element = document().create_element(name)?;
    for (name, value) in attributes {
        element.set_attribute(name, value)?;
    }
    let loaded = js_sys::Promise::new(&mut |resolve: Function, reject: Function| {
        for (event, answer) in [("load", &resolve), ("error", &reject)] {
            // A new element takes listeners; if it did not, the promise would only wait.
            let _ = element.add_event_listener_with_callback(event, answer);
        }
    });
    head.append_child(&element)?;
    JsFuture::from(loaded).await.map(|_| ())
}

/// One line of a plot.
pub struct PlotLine {
    pub label: String,
    pub colour: String,
    pub width: f64,
    /// Sparse values are marked.
    pub marked: bool,
}

/// Of the values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scale {
    Linear,
    /// By powers of ten; what is not above zero is left out.
    Logarithmic,
}

pub struct PlotOptions {
    pub width: f64,
    pub height: f64,
    pub scale: Scale,
    pub step_label: String,
    pub lines: Vec<PlotLine>,
    pub text_colour: String,
    pub grid_colour: String,
    pub font: String,
    pub show: fn(f64) -> String,
}

/// A plot in an element. It is destroyed when dropped.
pub struct Drawing {
    plot: Plot,
    // uPlot calls them for as long as it lives.
    _axis: Closure<dyn Fn(JsValue, Array) -> Array>,
    _steps: Closure<dyn Fn(JsValue, Array) -> Array>,
    _value: Closure<dyn Fn(JsValue, JsValue) -> JsValue>,
    _step: Closure<dyn Fn(JsValue, JsValue) -> JsValue>,
}

impl Drop for Drawing {
    fn drop(&mut self) {
        self.plot.destroy();
    }
}

impl Drawing {
    pub fn new(options: &PlotOptions, data: &JsValue, target: &HtmlElement) -> Result<Self, JsValue> {
        let show = options.show;
        let axis = ticks(show);
        let steps = ticks(crate::format::count);
        let value = reading(show);
        let step = reading(crate::format::count);
        let settings = object(&[
            ("width", options.width.into()),
            ("height", options.height.into()),
            ("scales", scales(options.scale)?),
            ("axes", axes(options, &steps, &axis)?),
            ("series", series(options, &step, &value)?),
            ("legend", object(&[("live", true.into())])?),
            ("cursor", object(&[("drag", object(&[("x", true.into()), ("y", false.into())])?)])?),
        ])?;
        let plot = Plot::new(&settings, data, target)?;
        Ok(Self { plot, _axis: axis, _steps: steps, _value: value, _step: step })
    }

    pub fn set_data(&self, data: &JsValue) {
        self.plot.set_data(data);
    }

    pub fn set_size(&self, width: f64, height: f64) {
        if let Ok(size) = object(&[("width", width.into()), ("height", height.into())]) {
            self.plot.set_size(&size);
        }
    }
}

/// Steps and columns as uPlot wants them: numbers, and null where a line has none.
pub fn data(steps: &[u64], columns: &[Vec<Option<f64>>]) -> JsValue {
    let steps: Vec<f64> = steps.iter().map(|step| *step as f64).collect();
    let all = Array::of1(&Float64Array::from(steps.as_slice()));
    for column in columns {
        all.push(&column.iter().map(|value| value.map_or(JsValue::NULL, JsValue::from)).collect::<Array>());
    }
    all.into()
}

fn scales(scale: Scale) -> Result<JsValue, JsValue> {
    // uPlot's third distribution.
    const LOGARITHMIC: f64 = 3.0;
    let values = match scale {
        Scale::Linear => object(&[])?,
        Scale::Logarithmic => object(&[("distr", LOGARITHMIC.into()), ("log", 10.0.into())])?,
    };
    object(&[("x", object(&[("time", false.into())])?), ("y", values)])
}

fn axes(
    options: &PlotOptions,
    steps: &Closure<dyn Fn(JsValue, Array) -> Array>,
    values: &Closure<dyn Fn(JsValue, Array) -> Array>,
) -> Result<JsValue, JsValue> {
    let line = || object(&[("stroke", options.grid_colour.as_str().into()), ("width", 1.into())]);
    let axis = |size: f64, labels: &JsValue| {
        object(&[
            ("stroke", options.text_colour.as_str().into()),
            ("font", options.font.as_str().into()),
            ("grid", line()?),
            ("ticks", object(&[("show", false.into())])?),
            ("size", size.into()),
            ("values", labels.clone()),
        ])
    };
    Ok(Array::of2(&axis(32.0, steps.as_ref())?, &axis(62.0, values.as_ref())?).into())
}

fn series(
    options: &PlotOptions,
    step: &Closure<dyn Fn(JsValue, JsValue) -> JsValue>,
    value: &Closure<dyn Fn(JsValue, JsValue) -> JsValue>,
) -> Result<JsValue, JsValue> {
    let all = Array::of1(&object(&[
        ("label", options.step_label.as_str().into()),
        ("value", step.as_ref().clone()),
    ])?);
    for line in &options.lines {
        let points = object(&[("show", line.marked.into()), ("size", 6.into())])?;
        all.push(&object(&[
            ("label", line.label.as_str().into()),
            ("stroke", line.colour.as_str().into()),
            ("width", line.width.into()),
            ("spanGaps", true.into()),
            ("points", points),
            ("value", value.as_ref().clone()),
        ])?);
    }
    Ok(all.into())
}

fn ticks(show: fn(f64) -> String) -> Closure<dyn Fn(JsValue, Array) -> Array> {
    Closure::new(move |_, values: Array| {
        values.iter().map(|value| value.as_f64().map_or(JsValue::NULL, |value| show(value).into())).collect()
    })
}

/// What the legend says under the pointer.
fn reading(show: fn(f64) -> String) -> Closure<dyn Fn(JsValue, JsValue) -> JsValue> {
    Closure::new(move |_, value: JsValue| {
        value.as_f64().map_or_else(|| "–".into(), |value| show(value).into())
    })
}

fn object(entries: &[(&str, JsValue)]) -> Result<JsValue, JsValue> {
    let object = Object::new();
    for (name, value) in entries {
        Reflect::set(&object, &JsValue::from_str(name), value)?;
    }
    Ok(object.unchecked_into())
}
