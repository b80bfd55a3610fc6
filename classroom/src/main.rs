//! The pages of a class, a program of its own: the page loads it with the first of them that is opened
//! (`frontend/src/elsewhere.rs`), so that a first visit is not larger for it. Built of the page's own parts; the
//! page's router hands over an address.

mod account;
mod address;
mod asking;
mod certificate;
mod desk;
mod files;
mod first_steps;
mod forms;
mod gallery;
mod join;
mod labs;
mod lesson;
mod local_time;
mod notices;
mod questions;
mod roles;
mod weeks;
mod words;

use frontend::clock::provide_clock;
use frontend::components::PageTitle;
use frontend::components::toast::{Toasts, provide_toasts};
use frontend::connection::provide_connection;
use frontend::session::provide_session;
use frontend::texts::texts;
use leptos::mount::mount_to;
use leptos::prelude::*;
use wasm_bindgen::prelude::wasm_bindgen;
use web_sys::HtmlElement;

use address::Page;

fn main() {
    console_error_panic_hook::set_once();
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

/// Shows the page of an address.
#[wasm_bindgen]
pub fn mount_page(place: HtmlElement, path: &str) -> MountedPage {
    let page = address::page(path);
    let handle = mount_to(place, move || {
        provide_connection();
        provide_clock();
        provide_toasts();
        provide_session();
        view! {
            {shown(page)}
            <Toasts/>
        }
    });
    MountedPage { page: Some(Box::new(handle)) }
}

fn shown(page: Page) -> AnyView {
    match page {
        Page::Course => view! { <weeks::Course/> }.into_any(),
        Page::Weeks { cohort_id } => view! { <weeks::Weeks cohort_id=cohort_id/> }.into_any(),
        Page::Lesson { cohort_id, week } => {
            view! { <lesson::LessonPage cohort_id=cohort_id week=week/> }.into_any()
        }
        Page::Desk(place) => view! { <desk::Desk place=place/> }.into_any(),
        Page::Account => view! { <account::AccountPage/> }.into_any(),
        Page::Join => view! { <join::JoinPage/> }.into_any(),
        Page::Certificate(code) => view! { <certificate::CertificatePage code=code/> }.into_any(),
        Page::Notifications => view! { <notices::Notifications/> }.into_any(),
        Page::Gallery => view! { <gallery::GalleryPage/> }.into_any(),
        Page::Unknown => view! { <NotFound/> }.into_any(),
    }
}

#[component]
fn NotFound() -> impl IntoView {
    let texts = &texts().not_found;
    view! {
        <PageTitle title=texts.title.to_owned()/>
        <div class="prose"><p>{texts.words}</p></div>
        <a class="button primary" href="/">{texts.to_home}</a>
    }
}
