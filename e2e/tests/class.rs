//! A class in two real browsers at once: one learns and answers, one marks; on both databases. And our own ten lessons,
//! each opened and looked at.

#![allow(clippy::unwrap_used)]

use e2e::browser::{Browser, Setting, Wishes};
use e2e::databases::{self, Kind};
use e2e::platform::Platform;
use e2e::process::eventually;
use shared::api::Role;
use shared::api::cohorts::SetMember;
use shared::api::gradebook::GetGradebook;
use shared::api::users::{CreateSignInLink, CreateUser};
use shared::course::WEEKS;

/// Chromium's own word on a machine without a GPU, when the environment doctor asks for one.
const WITHOUT_GPU: &str = "No available adapters";

fn course() -> String {
    concat!(env!("CARGO_MANIFEST_DIR"), "/../course").to_owned()
}

/// A new learner of the class, signed in.
fn learner(platform: &Platform, browser: &Browser, name: &str) {
    let user = platform.client.call(&CreateUser { name: name.to_owned(), operator: false }).unwrap();
    let set = SetMember { cohort_id: platform.cohort_id, user_id: user.user_id, role: Role::Learner };
    platform.client.call(&set).unwrap();
    let link = platform.client.call(&CreateSignInLink { user_id: user.user_id }).unwrap();
    browser.go(&format!("{}/sign-in#{}", platform.client.address, link.token));
    browser.wait_for_text("main", name);
}

/// Opens everything that folds, so that it is looked at too.
fn unfold(browser: &Browser) {
    browser.run("document.querySelectorAll('.lesson details').forEach(part => part.open = true)", vec![]);
}

/// The question with this id, as a part of the page.
fn question(id: &str) -> String {
    format!("li.question[aria-labelledby='question-{id}']")
}

/// Answers in the first week, by kind: an option, a number, words.
fn answer(browser: &Browser) -> String {
    let of_kind = |control: &str| {
        let script = "return document.querySelector(arguments[0])?.closest('li.question').getAttribute('aria-labelledby')";
        let id = browser.run(script, vec![control.into()]);
        id.as_str()
            .unwrap_or_else(|| panic!("no question with {control}"))
            .trim_start_matches("question-")
            .to_owned()
    };
    let choice = of_kind(".option input[type=radio]");
    browser.click(&format!("{} .option:first-of-type input", question(&choice)));
    browser.click(&format!("{} .answer-end .button", question(&choice)));
    browser.wait_for(&format!("{} .verdict", question(&choice)));
    let number = of_kind(".answer-number input");
    browser.type_into(&format!("{} .answer-number input", question(&number)), "많이");
    browser.wait_for_text(&question(&number), "숫자로 적어 주세요.");
    browser.replace(&format!("{} .answer-number input", question(&number)), "12345.678");
    browser.click(&format!("{} .answer-end .button", question(&number)));
    browser.wait_for_text(&format!("{} .verdict", question(&number)), "틀렸습니다.");
    let words = of_kind(".answer-words textarea");
    let place = format!("{} .answer-words textarea", question(&words));
    browser.type_into(&place, "<b>내 생각</b>에는 다음 토큰의 확률을 배우기 때문입니다.");
    // A draft outlives a reload.
    browser.reload();
    browser.wait_for(&place);
    assert!(browser.value(&place).starts_with("<b>내 생각</b>"), "{}", browser.value(&place));
    browser.click(&format!("{} .answer-end .button", question(&words)));
    browser.wait_for_text(&format!("{} .verdict", question(&words)), "채점을 기다립니다.");
    assert!(!browser.is_there(".verdict b"), "an answer is text");
    words
}

fn a_class_learns(database: Kind) {
    let Some(setting) = Setting::find() else { return };
    if !databases::available().contains(&database) {
        return;
    }
    let course = course();
    let settings = [("--front-end", setting.page()), ("--course", course.as_str())];
    let platform = Platform::start(database, &settings);
    let at = |path: &str| format!("{}{path}", platform.client.address);
    let cohort = platform.cohort_id;
    let learning = Browser::open(&setting, Wishes::default());
    let teaching = Browser::open(&setting, Wishes::default());
    learner(&platform, &learning, "김수진");
    teaching.go(&platform.sign_in_link());
    teaching.wait_for_text("main", "operator 님");

    // The path: ten weeks; the first is begun.
    learning.go(&at("/course"));
    learning.wait_for(".week:nth-of-type(10)");
    learning.assert_accessible("the path of weeks");
    learning.click(".week:first-of-type .week-standing .button");
    learning.wait_for(".lesson-text h2");
    learning.wait_for("math");
    learning.wait_for("svg.figure");

    // What was on the screen from its heading to its end is read, and marked in the contents.
    learning.run("document.querySelector('.lesson-text h2').scrollIntoView()", vec![]);
    learning.settle();
    learning.run("document.querySelectorAll('.lesson-text h2')[1].scrollIntoView()", vec![]);
    learning.wait_for(".contents li.read");
    let asked = answer(&learning);

    // The other one marks it, line by line.
    teaching.go(&at(&format!("/desk/{cohort}/marking")));
    teaching.wait_for_text(".marking", "김수진");
    assert!(!teaching.is_there(".marking b:not(strong)"), "an answer is text to whoever marks it");
    teaching.assert_accessible("marking");
    teaching.run(
        "document.querySelectorAll('.rubric-line').forEach(line => [...line.querySelectorAll('.choice')].at(-1).click())",
        vec![],
    );
    teaching.type_into("#marking-comment", "잘 짚었습니다.");
    teaching.press("점수 주기");
    teaching.wait_for_text("main", "채점할 답이 없습니다");

    // Who learned sees the points, the word and the model answer.
    learning.reload();
    learning.wait_for_text(&question(&asked), "채점되었습니다");
    learning.wait_for_text(&question(&asked), "잘 짚었습니다.");
    learning.wait_for(&format!("{} .solution", question(&asked)));

    // The gradebook knows it, out and in.
    teaching.go(&at(&format!("/desk/{cohort}/gradebook")));
    teaching.wait_for_text("tbody", "김수진");
    teaching.assert_accessible("the gradebook");
    let book = platform.client.call(&GetGradebook { cohort_id: cohort }).unwrap();
    let row = book.rows.iter().find(|row| row.name == "김수진").unwrap();
    assert!(row.weeks[0].points > 0.0, "{row:?}");
    let file = platform.folder.path().join("grades.csv");
    std::fs::write(&file, format!("learner_id,week_2\n{},7.25\n", row.learner)).unwrap();
    teaching.type_into(".file-button input", file.to_str().unwrap());
    teaching.wait_for_text("tbody .by-hand", "7.25");

    // A learner is shown neither queue nor grades of others.
    learning.go(&at(&format!("/desk/{cohort}/gradebook")));
    learning.wait_for_text("main", "권한이 없습니다");
    learning.go(&at("/course/999"));
    learning.wait_for_text("main", "내 것이 아닙니다");
    teaching.assert_quiet(&[]);
}

#[test]
fn a_class_learns_answers_and_is_marked_sqlite() {
    a_class_learns(Kind::Sqlite);
}

#[test]
fn a_class_learns_answers_and_is_marked_postgres() {
    a_class_learns(Kind::Postgres);
}

/// Every lesson of ours: all its labs start, nothing is wider than a phone, axe finds nothing in either theme.
#[test]
fn our_ten_lessons_open_with_everything_in_them() {
    let Some(setting) = Setting::find() else { return };
    let course = course();
    let settings = [("--front-end", setting.page()), ("--course", course.as_str())];
    let platform = Platform::start(Kind::Sqlite, &settings);
    let browser = Browser::open(&setting, Wishes::default());
    learner(&platform, &browser, "이민호");
    for week in 1..=WEEKS {
        browser.go(&format!("{}/course/{}/{week}", platform.client.address, platform.cohort_id));
        browser.wait_for(".question");
        let loading = "return document.querySelectorAll('.lesson .loading').length";
        eventually(&format!("the labs of week {week} are there"), || {
            (browser.run(loading, vec![]) == 0).then_some(())
        });
        assert!(
            !browser.is_there(".lesson .error-box"),
            "week {week}: {}",
            browser.text(".lesson .error-box")
        );
        unfold(&browser);
        for scheme in ["light", "dark"] {
            browser.colour_scheme(scheme);
            browser.assert_accessible(&format!("week {week}, {scheme}"));
        }
        browser.size(390, 844);
        let overflow = "return document.documentElement.scrollWidth - document.documentElement.clientWidth";
        assert_eq!(browser.run(overflow, vec![]), 0, "week {week} is wider than a phone");
        browser.size(1280, 900);
    }
    browser.assert_quiet(&[WITHOUT_GPU]);
}
