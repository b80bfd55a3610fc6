//! A real Chromium, driven over WebDriver as a person drives it. Every session keeps what the browser
//! complains about: an error in the console or a violated content security policy fails its test.

mod axe;
mod commands;
mod engine;

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use fantoccini::elements::Element;
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use tokio::runtime::Runtime;

use crate::process::{Process, eventually};

/// The programs and folders that the tests need, by environment; `cargo xtask test` sets them.
const DRIVER_VARIABLE: &str = "MITBADAK_TEST_CHROMEDRIVER";
const CHROMIUM_VARIABLE: &str = "MITBADAK_TEST_CHROMIUM";
const PAGE_VARIABLE: &str = "MITBADAK_TEST_PAGE";

const LIMIT_MILLISECONDS: u32 = 240_000;

const FLAGS: [&str; 7] = [
    "--headless=new",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--lang=ko",
];

/// What a test needs besides the platform.
#[derive(Debug, Clone)]
pub struct Setting {
    driver: PathBuf,
    chromium: PathBuf,
    /// The page as browsers get it.
    pub page: PathBuf,
}

impl Setting {
    /// Nothing where there is no browser: the test says so and ends.
    pub fn find() -> Option<Self> {
        let path = |name: &str| std::env::var_os(name).map(PathBuf::from);
        let found = (path(DRIVER_VARIABLE), path(CHROMIUM_VARIABLE), path(PAGE_VARIABLE));
        if let (Some(driver), Some(chromium), Some(page)) = found {
            return Some(Self { driver, chromium, page });
        }
        eprintln!(
            "skipped: {DRIVER_VARIABLE}, {CHROMIUM_VARIABLE} and {PAGE_VARIABLE} name no browser and no page"
        );
        None
    }

    pub fn page(&self) -> &str {
        self.page.to_str().expect("the folder's name is text")
    }
}

/// How the browser is started.
#[derive(Debug, Clone, Copy, Default)]
pub struct Wishes {
    /// WebGPU in software; without it there is no adapter.
    pub web_gpu: bool,
    /// A name that leads to this machine, besides localhost.
    pub name: Option<&'static str>,
}

/// One browser with a fresh profile. Closed when it is dropped.
pub struct Browser {
    runtime: Runtime,
    client: Client,
    driver: Process,
    _profile: tempfile::TempDir,
}

impl Browser {
    pub fn open(setting: &Setting, wishes: Wishes) -> Self {
        let profile = tempfile::tempdir().expect("a temporary folder");
        let (driver, address) = start_driver(&setting.driver);
        let mut flags: Vec<String> = FLAGS.iter().map(|flag| (*flag).to_owned()).collect();
        flags.push(format!("--user-data-dir={}", profile.path().display()));
        // Chromium's sandbox does not start for root, which tests in a container are.
        flags.push("--no-sandbox".to_owned());
        flags.extend(wishes.web_gpu.then(|| "--enable-unsafe-webgpu".to_owned()));
        flags.extend(wishes.name.map(|name| format!("--host-resolver-rules=MAP {name} 127.0.0.1")));
        let capabilities = json!({
            "acceptInsecureCerts": true,
            // Only a hang is a failure; how slow a machine is, is not.
            "timeouts": { "script": LIMIT_MILLISECONDS, "pageLoad": LIMIT_MILLISECONDS },
            "goog:chromeOptions": { "binary": setting.chromium, "args": flags },
            "goog:loggingPrefs": { "browser": "ALL" },
        });
        let Value::Object(capabilities) = capabilities else { unreachable!("an object") };
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .expect("a runtime can be started");
        let client = runtime.block_on(async {
            ClientBuilder::new(HttpConnector::new()).capabilities(capabilities).connect(&address).await
        });
        let client = client.unwrap_or_else(|error| panic!("Chromium does not start: {error}"));
        let browser = Self { runtime, client, driver, _profile: profile };
        browser.cdp("Emulation.setLocaleOverride", json!({ "locale": "ko-KR" }));
        browser.size(1280, 900);
        browser
    }

    pub fn go(&self, address: &str) {
        self.done(address, self.client.goto(address));
    }

    pub fn reload(&self) {
        self.done("reload", self.client.refresh());
    }

    pub fn address(&self) -> String {
        self.done("the address", self.client.current_url()).to_string()
    }

    /// Waits until the address ends so.
    pub fn wait_for_address(&self, part: &str) -> String {
        eventually(part, || Some(self.address()).filter(|address| address.contains(part)))
    }

    /// Waits for the first element that is there.
    pub fn wait_for(&self, css: &str) -> Element {
        eventually(css, || self.runtime.block_on(self.client.find(Locator::Css(css))).ok())
    }

    pub fn is_there(&self, css: &str) -> bool {
        self.runtime.block_on(self.client.find(Locator::Css(css))).is_ok()
    }

    pub fn click(&self, css: &str) {
        eventually(css, || {
            let element = self.wait_for(css);
            self.runtime.block_on(element.click()).ok()
        });
    }

    /// Clicks the button or link with these words, outside of the navigation.
    pub fn press(&self, words: &str) {
        self.press_in("body", words);
    }

    /// The same within an element of this name.
    pub fn press_in(&self, name: &str, words: &str) {
        let path = format!("//{name}{}", with_words(words));
        eventually(words, || {
            self.runtime.block_on(async {
                let element = self.client.find(Locator::XPath(&path)).await.ok()?;
                element.click().await.ok()
            })
        });
    }

    pub fn has_button(&self, words: &str) -> bool {
        let path = format!("//body{}", with_words(words));
        self.runtime.block_on(self.client.find(Locator::XPath(&path))).is_ok()
    }

    /// Waits until nothing is being loaded any more and all letters have their shapes.
    pub fn settle(&self) {
        let script = "return document.fonts.status === 'loaded' && !document.querySelector('.loading')";
        eventually("the page has loaded", || (self.run(script, vec![]) == json!(true)).then_some(()));
    }

    /// Types into a field, behind what stands in it. A file's path goes to a file field.
    pub fn type_into(&self, css: &str, text: &str) {
        let element = self.wait_for(css);
        self.done(css, element.send_keys(text));
    }

    /// Types into a field in the place of what stands in it.
    pub fn replace(&self, css: &str, text: &str) {
        self.wait_for(css);
        self.run("document.querySelector(arguments[0]).select()", vec![json!(css)]);
        self.type_into(css, text);
    }

    /// Picks the option of a list whose name begins so.
    pub fn choose(&self, css: &str, name: &str) {
        let script = "
            const list = document.querySelector(arguments[0]);
            const option = [...(list?.options ?? [])].find(option => option.text.startsWith(arguments[1]));
            if (!option) return false;
            list.value = option.value;
            list.dispatchEvent(new Event('change', { bubbles: true }));
            return true;";
        let chosen = || self.run(script, vec![json!(css), json!(name)]).as_bool().filter(|chosen| *chosen);
        eventually(&format!("{name} in {css}"), chosen);
    }

    /// Picks the first option of a list that is one, as its first says that nothing is chosen.
    pub fn choose_first(&self, css: &str) {
        let script = "
            const list = document.querySelector(arguments[0]);
            if (!list || list.options.length < 2) return false;
            list.value = list.options[1].value;
            list.dispatchEvent(new Event('change', { bubbles: true }));
            return true;";
        let chosen = || self.run(script, vec![json!(css)]).as_bool().filter(|chosen| *chosen);
        eventually(&format!("something to choose in {css}"), chosen);
    }

    /// Sets what keys do not type alike everywhere, e.g. a time.
    pub fn set_value(&self, css: &str, value: &str) {
        self.wait_for(css);
        let script = "
            const field = document.querySelector(arguments[0]);
            field.value = arguments[1];
            field.dispatchEvent(new Event('input', { bubbles: true }))";
        self.run(script, vec![json!(css), json!(value)]);
    }

    /// The visible text of the first such element.
    pub fn text(&self, css: &str) -> String {
        eventually(css, || {
            let element = self.wait_for(css);
            self.runtime.block_on(element.text()).ok()
        })
    }

    /// Waits until the text of the first such element holds `words`.
    pub fn wait_for_text(&self, css: &str, words: &str) -> String {
        eventually(&format!("{words:?} in {css}"), || {
            Some(self.text(css)).filter(|text| text.contains(words))
        })
    }

    /// The value of a field.
    pub fn value(&self, css: &str) -> String {
        let script = "return document.querySelector(arguments[0])?.value ?? ''";
        self.run(script, vec![json!(css)]).as_str().unwrap_or_default().to_owned()
    }

    /// A script's value.
    pub fn run(&self, script: &str, arguments: Vec<Value>) -> Value {
        self.done("a script", self.client.execute(script, arguments))
    }

    /// The value that a script gives to its last argument, a function.
    pub fn run_later(&self, script: &str, arguments: Vec<Value>) -> Value {
        self.done("a script", self.client.execute_async(script, arguments))
    }

    /// A command of Chromium's own protocol.
    pub fn cdp(&self, command: &str, parameters: Value) -> Value {
        self.done(command, self.client.issue_cmd(commands::Cdp { command: command.to_owned(), parameters }))
    }

    /// What a driver's failure does: every GPU device of the browser is lost.
    pub fn crash_gpu(&self) {
        self.cdp("Browser.crashGpuProcess", json!({}));
    }

    pub fn size(&self, width: u32, height: u32) {
        let size = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600 });
        self.cdp("Emulation.setDeviceMetricsOverride", size);
    }

    /// `light` or `dark`, as the person's system would say.
    pub fn colour_scheme(&self, scheme: &str) {
        let features = json!([
            { "name": "prefers-color-scheme", "value": scheme },
            // Nothing is looked at half-way from one colour to the other.
            { "name": "prefers-reduced-motion", "value": "reduce" },
        ]);
        self.cdp("Emulation.setEmulatedMedia", json!({ "features": features }));
    }

    pub fn screenshot(&self, to: &Path) {
        let picture = self.done("a picture", self.client.screenshot());
        std::fs::write(to, picture).unwrap_or_else(|error| panic!("{}: {error}", to.display()));
    }

    /// Fails when the browser has complained since the last look. A server that was stopped on purpose
    /// makes a network error of its own: `expected` says a part of what may be there.
    pub fn assert_quiet(&self, expected: &[&str]) {
        let log = self.done("the log", self.client.issue_cmd(commands::BrowserLog));
        let lines = log.as_array().cloned().unwrap_or_default();
        let bad: Vec<String> = lines
            .iter()
            .filter(|line| ["SEVERE", "WARNING"].contains(&line["level"].as_str().unwrap_or_default()))
            .map(|line| line["message"].as_str().unwrap_or_default().to_owned())
            .filter(|message| !expected.iter().any(|part| message.contains(part)))
            .collect();
        assert!(bad.is_empty(), "the browser complains:\n{}", bad.join("\n"));
    }

    /// Of a test that failed: where the browser is, what it says, and a picture.
    fn tell_what_it_shows(&self) {
        let said = self.runtime.block_on(async {
            let address = self.client.current_url().await.ok()?;
            let words = self.client.execute("return document.body.innerText", vec![]).await.ok()?;
            Some((address, words, self.client.screenshot().await.ok()?))
        });
        let Some((address, words, picture)) = said else { return };
        let path = std::env::temp_dir().join(format!("mitbadak-browser-{}.png", self.driver.id()));
        eprintln!("the browser is at {address}, shows\n{}", words.as_str().unwrap_or_default());
        if std::fs::write(&path, picture).is_ok() {
            eprintln!("and looks like {}", path.display());
        }
    }

    fn done<T, E: std::fmt::Display>(&self, what: &str, doing: impl Future<Output = Result<T, E>>) -> T {
        self.runtime.block_on(doing).unwrap_or_else(|error| panic!("{what}: {error}"))
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.tell_what_it_shows();
        }
        // The driver is killed next and takes the browser with it.
        let _ = self.runtime.block_on(self.client.clone().close());
    }
}

/// Buttons and links of these words, as XPath.
fn with_words(words: &str) -> String {
    format!("//*[self::button or self::a][normalize-space(.) = '{words}' and not(ancestor::nav)]")
}

fn start_driver(program: &Path) -> (Process, String) {
    // chromedriver tells its port only in words; a free one is handed to it.
    let free = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr());
    let port = free.expect("a free port").port();
    let mut command = Command::new(program);
    command.arg(format!("--port={port}")).stdin(Stdio::null()).stdout(Stdio::null());
    let driver = Process::start(&mut command);
    let address = format!("http://127.0.0.1:{port}");
    let status = format!("{address}/status");
    eventually("chromedriver listens", || ureq::get(&status).call().ok());
    (driver, address)
}
