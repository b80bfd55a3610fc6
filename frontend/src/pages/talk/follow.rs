//! A text that grows stays in view, unless whoever reads has scrolled back.

use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

/// Kept free below, in pixels.
const MARGIN: f64 = 16.0;

/// Whether the page goes along.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Following {
    is_on: bool,
    /// Where the page was scrolled to.
    top: f64,
}

impl Following {
    /// `below` is how far the end lies under the window's edge. Returns how far to scroll.
    fn step(&mut self, top: f64, below: f64) -> f64 {
        if below <= 0.0 {
            self.is_on = true;
        } else if top < self.top - 1.0 {
            self.is_on = false;
        }
        self.top = top;
        if self.is_on { below.max(0.0) } else { 0.0 }
    }
}

#[derive(Clone, Copy)]
pub struct Follow {
    /// What is to stay in view.
    pub end: NodeRef<html::Div>,
    following: StoredValue<Following>,
}

impl Follow {
    /// `grows` reads the signals whose changes make the text longer.
    pub fn new(grows: impl Fn() + 'static) -> Self {
        let following = StoredValue::new(Following { is_on: false, top: 0.0 });
        let follow = Self { end: NodeRef::new(), following };
        Effect::new(move |before: Option<()>| {
            grows();
            if before.is_some() {
                // After the text itself has grown.
                request_animation_frame(move || follow.scroll());
            }
        });
        follow
    }

    /// Whoever lets the model write wants to see it.
    pub fn begin(self) {
        let top = window().scroll_y().unwrap_or_default();
        self.following.set_value(Following { is_on: true, top });
    }

    fn scroll(self) {
        let Some(Some(end)) = self.end.try_get_untracked() else { return };
        let height = window().inner_height().ok().and_then(|height| height.as_f64());
        let (Some(height), Ok(top)) = (height, window().scroll_y()) else { return };
        let below = bottom(&end) + MARGIN - (top + height);
        let by = self.following.try_update_value(|following| following.step(top, below));
        if let Some(by) = by.filter(|by| *by > 0.0) {
            window().scroll_by_with_x_and_y(0.0, by);
            self.following.try_update_value(|following| following.top = top + by);
        }
    }
}

/// From the page's beginning, in pixels.
fn bottom(element: &HtmlElement) -> f64 {
    let mut bottom = f64::from(element.offset_height());
    let mut next = Some(element.clone());
    while let Some(element) = next {
        bottom += f64::from(element.offset_top());
        next = element.offset_parent().and_then(|parent| parent.dyn_into().ok());
    }
    bottom
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test]
    fn the_page_goes_along_until_somebody_scrolls_back() {
        let mut following = Following { is_on: true, top: 100.0 };
        assert_eq!(following.step(100.0, 30.0), 30.0, "a new line");
        following.top = 130.0;
        assert_eq!(following.step(130.0, 30.0), 30.0);
        following.top = 160.0;
        assert_eq!(following.step(150.0, 40.0), 0.0, "somebody reads what is above");
        assert_eq!(following.step(150.0, 70.0), 0.0);
        assert_eq!(following.step(230.0, -10.0), 0.0, "and is back at the end");
        assert_eq!(following.step(230.0, 20.0), 20.0);
    }
}
