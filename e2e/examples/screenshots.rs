//! A picture of every page, on a desk and on a phone, light and dark: `cargo xtask screenshots`.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::path::{Path, PathBuf};

use e2e::browser::{Browser, Setting, Wishes};
use e2e::path;
use e2e::process::eventually;
use e2e::trained::Trained;
use shared::api::Role;
use shared::api::announcements::CreateAnnouncement;
use shared::api::cohorts::SetMember;
use shared::api::preferences::{CreatePreferenceSet, SetPreferenceSetState, SetState};
use shared::api::users::CreateUser;

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
    class(&album, &trained);
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

/// A class at work, and the desk of whoever teaches it.
fn class(album: &Album<'_>, trained: &Trained) {
    let (client, cohort_id) = (&trained.platform.client, trained.platform.cohort_id);
    for name in ["김수진", "박민호", "이서연", "정하늘", "최지우"] {
        let user = client.call(&CreateUser { name: name.to_owned(), operator: false }).expect("a new name");
        let set = SetMember { cohort_id, user_id: user.user_id, role: Role::Learner };
        client.call(&set).expect("somebody in the class");
    }
    let announce = |title: &str, markdown: &str, pinned: bool| {
        let request =
            CreateAnnouncement { cohort_id, title: title.to_owned(), markdown: markdown.to_owned(), pinned };
        client.call(&request).expect("an announcement");
    };
    announce("이번 주 실습실은 301호입니다", "GPU 워커 두 대를 **화요일 오후**에 우리 반이 씁니다.", true);
    announce("3주 과제 기한을 하루 미룹니다", "", false);
    let pairs = CreatePreferenceSet {
        cohort_id,
        title: "SFT와 바탕 모델".to_owned(),
        lines: r#"{"prompt": "대한민국의 수도는 어디입니까?", "a": "서울입니다.", "b": "옛날 어느 마을에 수도가 살았습니다.", "a_from": "sft", "b_from": "base"}"#
            .to_owned(),
    };
    let set_id = client.call(&pairs).expect("a pair").set_id;
    client.call(&SetPreferenceSetState { cohort_id, set_id, state: SetState::Open }).expect("an open set");
    let course = format!("/course/{cohort_id}");
    let desk = |part: &str| format!("/desk/{cohort_id}/{part}");
    album.page("course", &course, |browser| drop(browser.wait_for(".week:nth-of-type(10)")));
    album.page("lesson", &format!("{course}/1"), |browser| drop(browser.wait_for(".question")));
    album.page("lab-attention", &format!("{course}/4"), |browser| {
        browser.choose_first("#attention-model");
        browser.press("모델 열기");
        browser.wait_for("#attention-text");
        eventually("attention is shown", || {
            browser.press("어텐션 보기");
            browser.is_there(".attention-head canvas").then_some(())
        });
        browser.run("document.querySelector('.attention-heads').scrollIntoView()", vec![]);
    });
    album.page("lab-preferences", &format!("{course}/9"), |browser| {
        browser.wait_for(".preference-set");
        browser.press("매기기 시작 (SFT와 바탕 모델)");
        browser.wait_for(".preference-sides");
        browser.run("document.querySelector('.preference-sets').scrollIntoView()", vec![]);
    });
    album.page("notifications", "/notifications", |_| ());
    album.page("account", "/account", |_| ());
    album.page("desk-live", &desk("live"), |browser| {
        browser.wait_for(".live-line");
        browser.click(".live-more");
    });
    for part in ["marking", "gradebook", "people", "announcements", "queue", "lessons", "settings"] {
        album.page(&format!("desk-{part}"), &desk(part), |_| ());
    }
    album.page("desk-lesson", &desk("lessons/3"), |browser| drop(browser.wait_for(".preview h2")));
    for part in ["cohorts", "machines", "storage", "audit"] {
        album.page(&format!("desk-{part}"), &format!("/desk/{part}"), |_| ());
    }
}
