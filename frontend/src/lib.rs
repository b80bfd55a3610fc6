//! The page: a Leptos program that runs in the browser and speaks to the backend over its API.
//!
//! Architecture invariant: it never panics on purpose, keeps no secret (the session is an HttpOnly
//! cookie) and trusts nothing that a person typed: text is always set as text, never as HTML.
//!
//! A library, because the labs of the lessons (`labs/`, a program of its own) are built of the same parts.

pub mod api;
pub mod app;
pub mod appearance;
pub mod bell;
pub mod browser;
pub mod charts;
pub mod clock;
pub mod components;
pub mod connection;
pub mod elsewhere;
pub mod engine;
pub mod format;
pub mod kept;
pub mod labs;
pub mod layout;
pub mod pages;
pub mod programs;
pub mod run;
pub mod session;
pub mod texts;
pub mod theme;

/// Takes the place of what index.html shows while this program loads.
pub fn start() {
    console_error_panic_hook::set_once();
    browser::remove_element("starting");
    leptos::mount::mount_to_body(app::App);
}
