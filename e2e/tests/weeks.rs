//! A learner goes through the first five weeks for real in a browser: text that they upload becomes a corpus, a
//! tokenizer and a model by the labs of the lessons, and the questions look at what came out. Meanwhile an instructor
//! sits at the desk in another browser.

#![allow(clippy::unwrap_used)]

use e2e::browser::{Browser, Setting, Wishes};
use e2e::databases::{self, Kind};
use e2e::platform::Platform;
use e2e::process::eventually;
use e2e::stories;
use shared::api::Role;
use shared::api::cohorts::SetMember;
use shared::api::gradebook::GetGradebook;
use shared::api::users::{CreateSignInLink, CreateUser};

const DOCUMENTS: u32 = 1_500;

struct Learner<'a> {
    browser: Browser,
    platform: &'a Platform,
}

impl Learner<'_> {
    fn open_week(&self, week: u32) {
        let platform = self.platform;
        self.browser.go(&format!("{}/course/{}/{week}", platform.client.address, platform.cohort_id));
        self.browser.wait_for(".question");
    }

    /// Starts the lab of the open lesson that is called so, with what is newest, and waits for its job.
    fn do_job(&self, name: &str) {
        let lab = format!(".lab-frame[aria-label='작업 시작: {name}']");
        self.browser.wait_for(&lab);
        let ready = "const lab = document.querySelector(arguments[0]);\
            return [...lab.querySelectorAll('select')].every(input => input.value) \
                && !lab.querySelector('.button.primary[aria-disabled]')";
        eventually(&format!("{name} has what it needs"), || {
            (self.browser.run(ready, vec![lab.clone().into()]) == true).then_some(())
        });
        self.browser.click(&format!("{lab} .button.primary"));
        self.browser.wait_for_text(&format!("{lab} .started"), "나온 것");
    }

    /// Hands in the newest artifact that the question takes.
    fn hand_in(&self, question: &str) {
        let place = format!("li.question[aria-labelledby='question-{question}']");
        self.browser.choose_first(&format!("{place} select"));
        self.browser.click(&format!("{place} .answer-end .button"));
        self.browser.wait_for_text(&format!("{place} .verdict"), "기준을 통과했습니다.");
    }

    /// Exports it, looks at what its heads look at, and has it continue the lesson's beginnings side by side.
    fn look_into_the_model(&self) {
        let browser = &self.browser;
        self.open_week(8);
        self.do_job("내보내기");
        self.open_week(4);
        browser.choose_first("#attention-model");
        press_in_lab(browser, "내 모델의 어텐션", "모델 열기");
        browser.wait_for("#attention-text");
        press_in_lab(browser, "내 모델의 어텐션", "어텐션 보기");
        browser.wait_for(".attention-head:nth-of-type(2) canvas");
        // The pictures are drawn in the theme's colours, whichever it comes to be.
        let picture = "return document.querySelector('.attention-head canvas').toDataURL()";
        let before = browser.run(picture, vec![]);
        browser.colour_scheme("dark");
        eventually("the pictures are dark", || (browser.run(picture, vec![]) != before).then_some(()));
        browser.colour_scheme("light");
        browser.click(".attention-head:nth-of-type(2)");
        browser.wait_for_text("h4", "1층 2번 헤드");
        browser.run(
            "document.querySelector('.attention-map.large')\
                .dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowDown', bubbles: true }))",
            vec![],
        );
        // The first token has only itself to look at.
        browser.wait_for_text(".attention-map.large + p", "100%");
        browser.click(".attention-table summary");
        browser.wait_for_text(".attention-table tbody", "1.00");
        browser.assert_accessible_everywhere("attention of one's own model");

        self.open_week(7);
        browser.choose_first("#variations-model");
        press_in_lab(browser, "프롬프트 바꾸어 보기", "모델 열기");
        browser.wait_for(".variation");
        press_in_lab(browser, "프롬프트 바꾸어 보기", "모두 이어 쓰기");
        browser.wait_for(".variation:nth-of-type(5) mark");
        browser.wait_for_text(".lab-frame:has(.variations)", "5개를 모두 썼습니다.");
        press_in_lab(browser, "프롬프트 바꾸어 보기", "첫머리 더하기");
        browser.wait_for("textarea[aria-label='6번 첫머리']");
        browser.assert_accessible_everywhere("prompts side by side");
    }

    /// Writes an answer to the first question of the open lesson that wants words.
    fn write(&self, text: &str) {
        let place = ".question:has(.answer-words)";
        self.browser.type_into(&format!("{place} textarea"), text);
        self.browser.click(&format!("{place} .answer-end .button"));
        self.browser.wait_for_text(&format!("{place} .verdict"), "채점을 기다립니다.");
    }
}

/// A button of the lab that is called so, once it can be pressed.
fn press_in_lab(browser: &Browser, lab: &str, words: &str) {
    let press = "const lab = document.querySelector(`.lab-frame[aria-label='${arguments[0]}']`);\
        const button = [...(lab?.querySelectorAll('button') ?? [])].find(it => it.textContent.trim() === arguments[1]);\
        if (!button || button.ariaDisabled) return false;\
        button.click();\
        return true";
    eventually(&format!("{words} in {lab}"), || {
        (browser.run(press, vec![lab.into(), words.into()]) == true).then_some(())
    });
}

fn five_weeks(database: Kind) {
    let Some(setting) = Setting::find() else { return };
    if !databases::available().contains(&database) {
        return;
    }
    let course = concat!(env!("CARGO_MANIFEST_DIR"), "/../course");
    let platform = Platform::start(database, &[("--front-end", setting.page()), ("--course", course)]);
    let _agent = platform.agent("one");
    let at = |path: &str| format!("{}{path}", platform.client.address);
    let cohort = platform.cohort_id;
    let user = platform.client.call(&CreateUser { name: "김수진".to_owned(), operator: false }).unwrap();
    let set = SetMember { cohort_id: cohort, user_id: user.user_id, role: Role::Learner };
    platform.client.call(&set).unwrap();
    let link = platform.client.call(&CreateSignInLink { user_id: user.user_id }).unwrap();
    let learner = Learner { browser: Browser::open(&setting, Wishes::default()), platform: &platform };
    let teaching = Browser::open(&setting, Wishes::default());
    learner.browser.go(&at(&format!("/sign-in#{}", link.token)));
    learner.browser.wait_for_text("main", "김수진");
    teaching.go(&platform.sign_in_link());
    teaching.wait_for_text("main", "operator 님");

    // Week 1: what a life cycle is, in one's own words.
    learner.open_week(1);
    learner.write("자료를 모으고 토크나이저를 만들어 사전학습한 다음 평가합니다.");

    // Week 2: a corpus out of a text of one's own.
    let file = platform.folder.path().join("옛이야기.jsonl.zst");
    std::fs::write(&file, stories::corpus(DOCUMENTS)).unwrap();
    learner.browser.go(&at("/upload"));
    learner.browser.type_into("#upload-files", file.to_str().unwrap());
    learner.browser.press("올리기");
    learner.browser.wait_for_address("/artifacts/");
    learner.open_week(2);
    learner.do_job("글 모으기");
    learner.do_job("다듬기");
    learner.hand_in("my-corpus");

    // Week 3: a tokenizer that gives back what it was given.
    learner.open_week(3);
    learner.do_job("토크나이저 학습");
    learner.hand_in("my-tokenizer-round-trip");
    learner.hand_in("my-tokenizer-bytes-per-token");

    // Week 4: what was handed in before is marked while the learner reads on.
    learner.open_week(4);
    learner.write("어텐션은 모든 토큰을 보고, 상태 공간 모델은 고정된 상태만 들고 갑니다.");
    teaching.go(&at(&format!("/desk/{cohort}/marking")));
    for week in ["1주", "4주"] {
        teaching.wait_for_text(".marking h2", week);
        teaching.run(
            "document.querySelectorAll('.rubric-line').forEach(line => [...line.querySelectorAll('.choice')].at(-1).click())",
            vec![],
        );
        teaching.press("점수 주기");
    }
    teaching.wait_for_text("main", "채점할 답이 없습니다");

    // Week 5: a model that knows text that it has not seen.
    learner.open_week(5);
    learner.do_job("사전학습");
    learner.hand_in("a-model-that-learned");
    learner.hand_in("a-model-of-my-own");

    learner.look_into_the_model();

    // The path shows how far one is, the gradebook what it came to.
    learner.browser.go(&at(&format!("/course/{cohort}")));
    learner.browser.wait_for_text(".week:nth-of-type(5)", "이어서");
    let book = platform.client.call(&GetGradebook { cohort_id: cohort }).unwrap();
    let row = book.rows.iter().find(|row| row.name == "김수진").unwrap();
    for (week, grade) in row.weeks.iter().take(5).enumerate() {
        assert!(grade.points > 0.0, "week {}: {row:?}", week + 1);
    }
    assert_eq!(row.weeks[4].points, 10.0, "both checks of the model: {row:?}");
    teaching.go(&at(&format!("/desk/{cohort}/gradebook")));
    teaching.wait_for_text("tbody", "김수진");
    learner.browser.assert_quiet(&["No available adapters"]);
    teaching.assert_quiet(&[]);
}

#[test]
fn a_learner_goes_through_five_weeks_sqlite() {
    five_weeks(Kind::Sqlite);
}

#[test]
fn a_learner_goes_through_five_weeks_postgres() {
    five_weeks(Kind::Postgres);
}
