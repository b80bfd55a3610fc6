//! The page: a Leptos program that runs in the browser and speaks to the backend over its API.
//!
//! Architecture invariant: it never panics on purpose, keeps no secret (the session is an HttpOnly
//! cookie) and trusts nothing that a person typed: text is always set as text, never as HTML.

mod api;
mod app;
mod browser;
mod charts;
mod clock;
mod components;
mod connection;
mod engine;
mod format;
mod kept;
mod layout;
mod pages;
mod run;
mod session;
mod texts;
mod theme;

fn main() {
    console_error_panic_hook::set_once();
    browser::remove_element("starting");
    leptos::mount::mount_to_body(app::App);
}
