//! The machines of a house, in browsers: an operator adds a worker, drains it and sets a day apart for a class; an
//! instructor sees the queue, cancels, and gives minutes; a learner's job waits and is told why.

#![allow(clippy::unwrap_used)]

use e2e::browser::{Browser, Setting, Wishes};
use e2e::databases::Kind;
use e2e::path;
use e2e::platform::Platform;
use e2e::stories;
use shared::api::Role;
use shared::api::cohorts::SetMember;
use shared::api::users::{CreateSignInLink, CreateUser};
use shared::artifacts::Purpose;

fn signed_in(platform: &Platform, setting: &Setting, name: &str, role: Role) -> Browser {
    let browser = Browser::open(setting, Wishes::default());
    let user = platform.client.call(&CreateUser { name: name.to_owned(), operator: false }).unwrap();
    let set = SetMember { cohort_id: platform.cohort_id, user_id: user.user_id, role };
    platform.client.call(&set).unwrap();
    let link = platform.client.call(&CreateSignInLink { user_id: user.user_id }).unwrap();
    browser.go(&format!("{}/sign-in#{}", platform.client.address, link.token));
    browser.wait_for_text("main", name);
    browser
}

#[test]
fn a_house_has_machines_and_a_queue() {
    let Some(setting) = Setting::find() else { return };
    let platform = Platform::start(Kind::Sqlite, &[("--front-end", setting.page())]);
    let at = |path: &str| format!("{}{path}", platform.client.address);
    let cohort = platform.cohort_id;
    let running = Browser::open(&setting, Wishes::default());
    running.go(&platform.sign_in_link());
    running.wait_for_text("main", "operator 님");

    // A worker's token is shown once, in the command that starts it.
    running.go(&at("/desk/machines"));
    running.type_into("#new-worker-name", "실습실 1번");
    running.press("워커 만들기");
    running.wait_for_text("pre", "mitbadak-worker agent --server");
    running.wait_for_text("tbody", "실습실 1번");
    running.assert_accessible_everywhere("the machines");
    running.press("새 작업 중지 (실습실 1번)");
    running.wait_for_text("tbody", "새 작업 중지됨");

    // Nobody takes the job: the class's queue has it, with its owner and why it waits.
    let source = path::upload_source(
        &platform.client,
        cohort,
        "sentences.jsonl.zst",
        &stories::corpus(200),
        Purpose::Training,
    );
    let pipeline = path::pipeline(cohort, &source, &path::Recipe::short(5), "one");
    platform.client.call(&pipeline).unwrap();
    let teaching = signed_in(&platform, &setting, "한지민", Role::Instructor);
    teaching.go(&at(&format!("/desk/{cohort}/queue")));
    teaching.wait_for_text("main", "operator");
    teaching.type_into("#worker-time-limit", "120");
    teaching.press("한도 정하기");
    teaching.wait_for_text("main", "120분까지");
    teaching.assert_accessible_everywhere("the queue of a class");

    // A lab day for the class.
    running.choose("#reserve-class", "first class");
    for (field, time) in [("#reserve-begin", "2099-03-02T10:00"), ("#reserve-end", "2099-03-02T12:00")] {
        running.set_value(field, time);
    }
    running.click("fieldset input[type=checkbox]");
    running.press("예약");
    running.wait_for_text(".plain-list", "first class 예약");
    teaching.wait_for_text("main", "first class 예약");

    // Cancelling asks first.
    teaching.wait_for("tbody tr");
    teaching.run(
        "[...document.querySelectorAll('tbody button')].find(b => b.textContent.startsWith('취소')).click()",
        vec![],
    );
    teaching.press_in("dialog[@open]", "작업 취소");
    teaching.wait_for_text(".toasts", "취소하도록 했습니다");

    running.go(&at("/desk/storage"));
    running.wait_for_text("tbody", "operator");
    running.assert_accessible_everywhere("the storage");
    running.press("한도 바꾸기 (operator)");
    running.replace("#storage-quota", "123");
    running.press_in("dialog[@open]", "한도 바꾸기");
    running.wait_for_text("tbody", "123 GB");
    teaching.go(&at("/desk/storage"));
    teaching.wait_for_text("main", "운영자의 페이지입니다");
    running.assert_quiet(&[]);
    teaching.assert_quiet(&[]);
}
