//! Asks the browser. What it does not know is missing, never an error.

use js_sys::{Function, Promise, Reflect};
use leptos::prelude::window;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

use super::findings::{Facts, Gpu};
use super::probe::{OPERATIONS, Product};

/// Of the speed's measurement: one product at a time, the quickest counts.
const PRODUCTS: u32 = 12;

pub async fn look() -> Facts {
    let navigator: JsValue = window().navigator().into();
    Facts {
        is_secure: window().is_secure_context(),
        gpu: gpu(&navigator).await,
        cores: number(&navigator, "hardwareConcurrency") as u32,
        is_isolated: get(&window(), "crossOriginIsolated").is_truthy(),
        storage: storage(&navigator).await,
        flops_per_second: speed().await,
    }
}

async fn gpu(navigator: &JsValue) -> Gpu {
    let gpu = get(navigator, "gpu");
    if !gpu.is_object() {
        return Gpu::Unknown;
    }
    let Some(adapter) = answer(&gpu, "requestAdapter").await.filter(JsValue::is_object) else {
        return Gpu::NoAdapter;
    };
    let info = get(&adapter, "info");
    let part = |name| get(&info, name).as_string().filter(|text| !text.is_empty());
    let parts: Vec<String> = ["vendor", "architecture"].into_iter().filter_map(part).collect();
    let name = part("description").unwrap_or_else(|| parts.join(" "));
    let lower = format!("{name} {}", parts.join(" ")).to_lowercase();
    let is_software = get(&info, "isFallbackAdapter").is_truthy()
        || ["swiftshader", "llvmpipe", "software"].iter().any(|word| lower.contains(word));
    Gpu::Adapter {
        name,
        is_software,
        largest_binding: number(&get(&adapter, "limits"), "maxStorageBufferBindingSize"),
        has_half: has(&get(&adapter, "features"), "shader-f16"),
    }
}

async fn storage(navigator: &JsValue) -> Option<(f64, f64)> {
    let estimate = answer(&get(navigator, "storage"), "estimate").await?;
    let quota = get(&estimate, "quota").as_f64()?;
    Some((quota, number(&estimate, "usage")))
}

/// Each product by itself, with a turn of the page's between two.
async fn speed() -> f64 {
    let Some(clock) = window().performance() else { return 0.0 };
    let mut product = Product::new();
    let mut quickest = f64::INFINITY;
    for _ in 0..PRODUCTS {
        let begin = clock.now();
        product.run();
        quickest = quickest.min(clock.now() - begin);
        turn().await;
    }
    // A clock that is coarser than a product would say zero.
    let seconds = quickest.max(0.05) / 1000.0;
    if product.sum().is_finite() { OPERATIONS / seconds } else { 0.0 }
}

async fn turn() {
    let waited = Promise::new(&mut |resolve: Function, _| {
        // Without a timer there is no turn; the promise settles at once then.
        if window().set_timeout_with_callback(&resolve).is_err() {
            let _ = resolve.call0(&JsValue::NULL);
        }
    });
    let _ = JsFuture::from(waited).await;
}

fn get(of: &JsValue, name: &str) -> JsValue {
    Reflect::get(of, &name.into()).unwrap_or(JsValue::UNDEFINED)
}

fn number(of: &JsValue, name: &str) -> f64 {
    get(of, name).as_f64().unwrap_or(0.0)
}

/// What a method promises; nothing where it is missing or fails.
async fn answer(of: &JsValue, method: &str) -> Option<JsValue> {
    let method: Function = get(of, method).dyn_into().ok()?;
    let promise: Promise = method.call0(of).ok()?.dyn_into().ok()?;
    JsFuture::from(promise).await.ok()
}

fn has(set: &JsValue, name: &str) -> bool {
    let method: Option<Function> = get(set, "has").dyn_into().ok();
    method.and_then(|method| method.call1(set, &name.into()).ok()).is_some_and(|found| found.is_truthy())
}
