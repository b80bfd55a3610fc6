//! Where a browser lets the page work: over HTTPS under any name, and nowhere else but on localhost.

#![allow(clippy::unwrap_used)]

use e2e::browser::{Browser, Setting, Wishes};
use e2e::databases::Kind;
use e2e::platform::{Platform, serve_secure};

const NAME: &str = "mitbadak.example";

#[test]
fn over_https_a_person_signs_in_under_a_name_of_its_own() {
    let Some(setting) = Setting::find() else { return };
    let folder = tempfile::tempdir().unwrap();
    let (_backend, link) = serve_secure(folder.path(), setting.page(), NAME);
    let browser = Browser::open(&setting, Wishes { web_gpu: true, name: Some(NAME) });
    browser.go(&link);
    browser.wait_for_text("main", "operator 님");
    assert!(browser.address().starts_with(&format!("https://{NAME}:")), "{}", browser.address());
    assert_eq!(browser.run("return window.isSecureContext && 'gpu' in navigator", vec![]), true);
    let cookies = browser.cdp("Network.getCookies", serde_json::json!({}));
    let session = &cookies["cookies"][0];
    assert!(session["name"].as_str().unwrap().starts_with("__Host-"), "{cookies}");
    assert_eq!((&session["secure"], &session["httpOnly"]), (&true.into(), &true.into()), "{cookies}");
    // Still there after a reload; the model's worker starts here too.
    browser.reload();
    browser.wait_for_text("main", "operator 님");
    browser.start_engine();
    browser.assert_quiet(&[]);
}

#[test]
fn an_insecure_address_gets_a_page_that_says_what_to_do() {
    let Some(setting) = Setting::find() else { return };
    let platform = Platform::start(Kind::Sqlite, &[("--front-end", setting.page())]);
    let browser = Browser::open(&setting, Wishes { web_gpu: false, name: Some(NAME) });
    let port = platform.client.address.rsplit(':').next().unwrap();
    browser.go(&format!("http://{NAME}:{port}/"));
    browser.wait_for_text("h1", "안전하지 않은 주소입니다");
    let words = browser.text("main");
    assert!(words.contains(NAME) && words.contains("--tls self-signed"), "{words}");
    for scheme in ["light", "dark"] {
        browser.colour_scheme(scheme);
        browser.assert_accessible(&format!("the insecure page, {scheme}"));
    }
    browser.assert_quiet(&[]);
}
