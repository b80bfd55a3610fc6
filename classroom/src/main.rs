//! The pages of a class, a program of its own: the page loads it with the first of them that is opened
//! (`frontend/src/elsewhere.rs`), so that a first visit is not larger for it. Built of the page's own parts; which
//! page is shown is the page's router's matter, here a page is a name and its parameters.

mod gallery;
mod gradebook;
mod labs;
mod lesson;
mod marking;
mod questions;
mod weeks;
mod words;

use frontend::clock::provide_clock;
use frontend::components::toast::{Toasts, provide_toasts};
use frontend::connection::provide_connection;
use frontend::session::provide_session;
use leptos::mount::mount_to;
use leptos::prelude::*;
use serde::Deserialize;
use shared::ids::CohortId;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use web_sys::HtmlElement;

fn main() {
    console_error_panic_hook::set_once();
}

/// A page of this program, by its address below `/course`.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(tag = "page", rename_all = "snake_case")]
enum Page {
    /// Of the first class that one belongs to, or a choice of them.
    Course,
    Weeks {
        cohort_id: CohortId,
    },
    Lesson {
        cohort_id: CohortId,
        week: u32,
    },
    Marking {
        cohort_id: CohortId,
    },
    Gradebook {
        cohort_id: CohortId,
    },
    /// Every part that pages are built of, and every lab.
    Gallery,
}

/// A page in an element; gone when this is.
#[wasm_bindgen]
pub struct MountedPage {
    page: Option<Box<dyn std::any::Any>>,
}

#[wasm_bindgen]
impl MountedPage {
    pub fn unmount(mut self) {
        drop(self.page.take());
    }
}

/// # Errors
/// JSON that names no page.
#[wasm_bindgen]
pub fn mount_page(place: HtmlElement, page: &str) -> Result<MountedPage, JsValue> {
    let page: Page = serde_json::from_str(page).map_err(|error| JsValue::from_str(&error.to_string()))?;
    let handle = mount_to(place, move || {
        provide_connection();
        provide_clock();
        provide_toasts();
        provide_session();
        let shown = match page {
            Page::Course => view! { <weeks::Course/> }.into_any(),
            Page::Weeks { cohort_id } => view! { <weeks::Weeks cohort_id=cohort_id/> }.into_any(),
            Page::Lesson { cohort_id, week } => {
                view! { <lesson::LessonPage cohort_id=cohort_id week=week/> }.into_any()
            }
            Page::Marking { cohort_id } => view! { <marking::Marking cohort_id=cohort_id/> }.into_any(),
            Page::Gallery => view! { <gallery::GalleryPage/> }.into_any(),
            Page::Gradebook { cohort_id } => {
                view! { <gradebook::GradebookPage cohort_id=cohort_id/> }.into_any()
            }
        };
        view! {
            {shown}
            <Toasts/>
        }
    });
    Ok(MountedPage { page: Some(Box::new(handle)) })
}
