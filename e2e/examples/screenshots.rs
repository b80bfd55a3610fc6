//! A picture of every page, on a desk and on a phone, light and dark: `cargo xtask screenshots`.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::path::{Path, PathBuf};

use e2e::browser::{Browser, Setting, Wishes};
use e2e::path;
use e2e::process::eventually;
use e2e::trained::Trained;

const STEPS: u64 = 600;
const SIZES: [(&str, u32, u32); 2] = [("desktop", 1280, 900), ("phone", 390, 844)];
const SCHEMES: [&str; 2] = ["light", "dark"];

fn main() {
    let folder = PathBuf::from(std::env::args().nth(1).expect("the folder for the pictures"));
    std::fs::create_dir_all(&folder).expect("the folder can be made");
    let setting = Setting::find().expect("cargo xtask says where the browser is");
    println!("training a model to show …");
    let trained = Trained::start(setting.page(), STEPS);
    let browser = Browser::open(&setting, Wishes::default());
    let album = Album { browser: &browser, address: &trained.platform.client.address, folder: &folder };
    visitor(&album, &trained);
    browser.go(&trained.platform.sign_in_link());
    browser.wait_for_text("main", "operator");
    person(&album, &trained);
    println!("{} pictures in {}", std::fs::read_dir(&folder).expect("a folder").count(), folder.display());
}

struct Album<'a> {
    browser: &'a Browser,
    address: &'a str,
    folder: &'a Path,
}

impl Album<'_> {
    /// Opens a page, prepares it and takes its pictures.
    fn page(&self, name: &str, path: &str, prepare: impl Fn(&Browser)) {
        self.browser.go(&format!("{}{path}", self.address));
        self.browser.wait_for("h1");
        prepare(self.browser);
        self.browser.settle();
        for (size, width, height) in SIZES {
            self.browser.size(width, height);
            for scheme in SCHEMES {
                self.browser.colour_scheme(scheme);
                self.browser.settle();
                self.browser.screenshot(&self.folder.join(format!("{name}-{size}-{scheme}.png")));
            }
        }
        self.browser.size(SIZES[0].1, SIZES[0].2);
        self.browser.colour_scheme(SCHEMES[0]);
        println!("{name}");
    }
}

fn visitor(album: &Album<'_>, trained: &Trained) {
    let model = format!("/models/{}", trained.artifact_id());
    album.page("home-visitor", "/", |_| ());
    album.page("sign-in", "/sign-in", |_| ());
    album.page("models-visitor", "/models", |browser| drop(browser.wait_for(".model")));
    album.page("model-published", &model, |browser| drop(browser.wait_for_text("main", "이야기")));
    album.page("write", &format!("{model}/write"), |browser| {
        browser.type_into("#paper-text", "옛날 어느 마을에");
        browser.wait_for_text(".talk-facts", "매개변수");
        browser.press("이어쓰기");
        wait_until_written(browser, "이어쓰기");
        browser.click(".next-toggle input");
        browser.wait_for(".next-choice");
        unfold(browser);
    });
    album.page("chat", &format!("{model}/chat"), |browser| {
        browser.wait_for_text(".talk-facts", "매개변수");
        browser.type_into("#chat-message", "이야기를 하나 들려주세요.");
        browser.press("보내기");
        wait_until_written(browser, "보내기");
    });
    album.page("tokenizers-visitor", "/tokenizers", |_| ());
    album.page("gallery", "/gallery", |browser| drop(browser.wait_for("#lab-environment-doctor .lab")));
    album.page("not-found", "/nowhere", |_| ());
}

fn unfold(browser: &Browser) {
    browser.run("document.querySelectorAll('details').forEach(part => part.open = true)", vec![]);
}

fn wait_until_written(browser: &Browser, words: &str) {
    browser.wait_for_text(".talk-facts", "첫 토큰까지");
    eventually("the text is written", || browser.has_button(words).then_some(()));
}

fn person(album: &Album<'_>, trained: &Trained) {
    let model = trained.artifact_id();
    let job = |name: &str| path::named(&trained.pipeline, name);
    album.page("home", "/", |browser| drop(browser.wait_for_text("main", "operator")));
    album.page("runs", "/runs", |browser| drop(browser.wait_for("table")));
    let training = format!("/runs/{}", job("pretrain").job_id);
    album.page("run", &training, |browser| drop(browser.wait_for(".charts canvas")));
    for tab in ["samples", "log", "spec"] {
        album.page(&format!("run-{tab}"), &training, |browser| {
            browser.click(&format!("#tab-{tab}"));
            browser.wait_for(&format!("#panel-{tab}:not([hidden])"));
        });
    }
    album.page("artifacts", "/artifacts", |browser| drop(browser.wait_for("table")));
    for (name, artifact) in [
        ("source", trained.source.artifact_id),
        ("dataset", job("import").outputs["dataset"]),
        ("corpus", job("curate").outputs["corpus"]),
        ("dropped", job("curate").outputs["dropped"]),
        ("report-curate", job("curate").outputs["report"]),
        ("report-tokenizer", job("tokenizer").outputs["report"]),
        ("report-pretrain", job("pretrain").outputs["report"]),
        ("tokenizer", job("tokenizer").outputs["tokenizer"]),
        ("model", model),
    ] {
        album.page(&format!("artifact-{name}"), &format!("/artifacts/{artifact}"), |_| ());
    }
    album.page("model-publish", &format!("/artifacts/{model}"), |browser| {
        browser.press("이름과 설명 고치기");
        browser.wait_for("dialog[open]");
    });
    album.page("upload", "/upload", |_| ());
    album.page("new-run", "/new-run", |browser| {
        browser.click(".source-choice input");
        unfold(browser);
    });
    album.page("models", "/models", |browser| drop(browser.wait_for(".model")));
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = trained.download(folder.path()).join("tokenizer.json");
    album.page("tokenizers", "/tokenizers", |browser| {
        browser.wait_for(".piece");
        browser.type_into("#tokenizer-file-1", file.to_str().expect("the folder's name is text"));
        browser.wait_for(".tokenizer-side:last-child .piece");
    });
}
