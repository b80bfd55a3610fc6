//! A class is run from the desk, in browsers: times are set, something is announced and heard of, who is stuck is seen,
//! a lesson is changed, pairs of answers are judged blind, and an operator looks up who did what; on both databases.

#![allow(clippy::unwrap_used)]

use e2e::browser::{Browser, Setting, Wishes};
use e2e::databases::{self, Kind};
use e2e::platform::Platform;
use shared::api::Role;
use shared::api::cohorts::SetMember;
use shared::api::lessons::ListLessons;
use shared::api::preferences::ListPreferenceSets;
use shared::api::users::{CreateSignInLink, CreateUser};

struct House<'a> {
    platform: &'a Platform,
    setting: &'a Setting,
}

impl House<'_> {
    fn at(&self, path: &str) -> String {
        format!("{}{path}", self.platform.client.address)
    }

    fn signed_in(&self, name: &str, role: Role) -> Browser {
        let browser = Browser::open(self.setting, Wishes::default());
        let client = &self.platform.client;
        let user = client.call(&CreateUser { name: name.to_owned(), operator: false }).unwrap();
        client.call(&SetMember { cohort_id: self.platform.cohort_id, user_id: user.user_id, role }).unwrap();
        let link = client.call(&CreateSignInLink { user_id: user.user_id }).unwrap();
        browser.go(&self.at(&format!("/sign-in#{}", link.token)));
        browser.wait_for_text("main", name);
        browser
    }
}

/// What somebody new is shown; each step is done by doing it.
fn first_steps(house: &House, teaching: &Browser, learning: &Browser) {
    let course = house.at(&format!("/course/{}", house.platform.cohort_id));
    teaching.go(&course);
    teaching.wait_for_text(".first-steps", "주차 일정 정하기");
    teaching.assert_accessible_everywhere("the first steps of an instructor");
    learning.go(&course);
    learning.wait_for_text(".first-step.next", "1주 강의 읽기");
    learning.assert_accessible_everywhere("the first steps of a learner");
}

/// All weeks at once, then what answers count.
fn set_times_and_bars(house: &House, teaching: &Browser) {
    let cohort_id = house.platform.cohort_id;
    teaching.go(&house.at(&format!("/desk/{cohort_id}/settings")));
    teaching.set_value("#schedule-first", "2026-03-02T09:00");
    teaching.press("모든 주 채우기");
    teaching.press("일정 저장");
    teaching.wait_for_text(".toasts", "10개 주의 일정을 저장했습니다.");
    let lessons = house.platform.client.call(&ListLessons { cohort_id }).unwrap().lessons;
    assert!(
        lessons.iter().all(|card| card.schedule.due_at_microseconds > card.schedule.opens_at_microseconds)
    );
    // Before whoever learns is late everywhere: no week is due after all.
    teaching.run(
        "document.querySelectorAll('.time-input').forEach(field => { field.value = '';\
            field.dispatchEvent(new Event('input', { bubbles: true })) })",
        vec![],
    );
    teaching.press("일정 저장");
    teaching.wait_for_text(".toasts", "10개 주");
    teaching.wait_for_text(".policy-example", "6점");
    teaching.replace("#policy-attempts", "4");
    teaching.replace("#policy-retry", "100");
    teaching.wait_for_text(".policy-example", "0점");
    teaching.replace("#policy-retry", "20");
    teaching.press("채점 기준 저장");
    teaching.wait_for_text(".toasts", "채점 기준을 저장했습니다.");
    teaching.assert_accessible_everywhere("times and bars");
    teaching.choose("#regrade-week", "1주");
    teaching.choose_first("#regrade-question");
    teaching.press("다시 채점");
    teaching.wait_for_text("main", "답 0개를 다시 채점했고");
}

/// What is announced rings, leads to where it stands, and is read then.
fn announce(house: &House, teaching: &Browser, learning: &Browser) {
    let cohort_id = house.platform.cohort_id;
    teaching.go(&house.at(&format!("/desk/{cohort_id}/announcements")));
    teaching.type_into("#announcement-title", "내일 수업 장소");
    teaching.type_into("#announcement-text", "내일은 **301호**에서 만납니다.");
    teaching.press("공지하기");
    teaching.wait_for_text(".toasts", "공지했습니다.");
    teaching.wait_for_text(".announcements", "내일 수업 장소");
    teaching.assert_accessible_everywhere("announcing");
    learning.go(&house.at("/notifications"));
    learning.wait_for_text(".bell-number", "1");
    learning.wait_for_text(".notification.unread", "공지: 내일 수업 장소");
    learning.assert_accessible_everywhere("notifications");
    learning.click(".notification.unread a");
    learning.wait_for_text(".announcements.on-top", "내일 수업 장소");
    learning.click(".announcements.on-top summary");
    learning.wait_for_text(".announcement-text strong", "301호");
    learning.wait_for(".bell-number.none");
    learning.assert_accessible_everywhere("an announcement above the weeks");
    teaching.press("고치기 (내일 수업 장소)");
    teaching.replace("#announcement-title", "모레 수업 장소");
    teaching.press("저장");
    teaching.wait_for_text(".toasts", "공지를 고쳤습니다.");
    teaching.press("지우기 (모레 수업 장소)");
    teaching.press_in("dialog[@open]", "공지 지우기");
    teaching.wait_for_text("main", "아직 공지가 없습니다.");
}

/// Whoever answers wrong again is found within seconds.
fn watch(house: &House, teaching: &Browser, learning: &Browser) {
    let cohort_id = house.platform.cohort_id;
    teaching.go(&house.at(&format!("/desk/{cohort_id}/live")));
    teaching.wait_for_text(".live-line", "김수진");
    learning.go(&house.at(&format!("/course/{cohort_id}/1")));
    learning.wait_for(".answer-number input");
    let number = "li.question:has(.answer-number)";
    for wrong in ["12345.5", "54321.5"] {
        learning.replace(&format!("{number} .answer-number input"), wrong);
        learning.click(&format!("{number} .answer-end .button"));
        learning.wait_for_text(&format!("{number} .verdict"), "틀렸습니다.");
        learning.settle();
    }
    teaching.wait_for_text(".label-mark", "거듭 틀림");
    teaching.click("[data-filter=stuck]");
    teaching.wait_for_text(".live-list", "김수진");
    teaching.click(".live-more");
    teaching.wait_for_text(".live-details", "2번 틀렸습니다.");
    teaching.assert_accessible_everywhere("the class as it works");
    teaching.type_into("#live-name", "민호");
    teaching.wait_for_text("main", "맞는 수강생이 없습니다");
}

/// A lesson of the class's own, seen before it is saved, and taken back.
fn change_a_lesson(house: &House, teaching: &Browser, learning: &Browser) {
    let cohort_id = house.platform.cohort_id;
    teaching.go(&house.at(&format!("/desk/{cohort_id}/lessons")));
    teaching.wait_for(".plain-list li:nth-of-type(10)");
    teaching.assert_accessible_everywhere("the texts of the weeks");
    teaching.press("고치기 (1주)");
    teaching.wait_for(".preview h2");
    let text = teaching.value("#lesson-source");
    // Without its head a lesson is none.
    teaching.set_value("#lesson-source", text.trim_start_matches("+++"));
    teaching.wait_for_text(".preview", "이대로는 저장할 수 없습니다");
    let changed = format!("{text}\n\n## 우리 반의 약속 {{#promise}}\n\n질문은 언제나 환영합니다.\n");
    teaching.set_value("#lesson-source", &changed);
    teaching.wait_for_text(".preview", "질문은 언제나 환영합니다.");
    teaching.assert_accessible("changing a lesson");
    teaching.press("저장");
    teaching.wait_for_text(".toasts", "1판으로 저장했습니다.");
    learning.go(&house.at(&format!("/course/{cohort_id}/1")));
    learning.wait_for_text(".lesson-text", "질문은 언제나 환영합니다.");
    teaching.press("이 판 불러오기 (과정 폴더의 글)");
    teaching.wait_for_text(".toasts", "불러왔습니다.");
    teaching.press("저장");
    teaching.wait_for_text(".toasts", "2판으로 저장했습니다.");
    learning.reload();
    learning.wait_for(".lesson-text h2");
    assert!(!learning.text(".lesson-text").contains("우리 반의 약속"));
}

/// A set is made from lines, offered, judged with the keyboard, closed.
fn judge_blind(house: &House, teaching: &Browser, learning: &Browser) {
    let cohort_id = house.platform.cohort_id;
    let lesson = house.at(&format!("/course/{cohort_id}/9"));
    teaching.go(&lesson);
    teaching.wait_for(".preference-make");
    teaching.click(".preference-make summary");
    teaching.type_into("#preference-title", "두 모델");
    teaching.type_into("#preference-lines", "쌍이 아님");
    teaching.press("쌍 읽기");
    teaching.wait_for_text(".preference-make li.field-error", "1번째 줄");
    teaching.press("보기 넣기");
    teaching.press("쌍 읽기");
    teaching.wait_for_text(".preference-make", "2쌍을 읽었습니다.");
    teaching.press("모음 저장");
    teaching.wait_for_text(".preference-set", "두 모델");
    teaching.press("반에 내놓기 (두 모델)");
    teaching.wait_for_text(".preference-set", "매기는 중");
    learning.go(&lesson);
    learning.wait_for_text(".preference-set", "두 모델");
    learning.press("매기기 시작 (두 모델)");
    learning.wait_for_text(".preference-sides", "서울");
    learning.assert_accessible_everywhere("judging a pair");
    for _ in 0..2 {
        learning.wait_for(".preference-sides");
        let press = "document.querySelector('#preference-judging')\
            .dispatchEvent(new KeyboardEvent('keydown', { key: '1', bubbles: true }))";
        learning.run(press, vec![]);
        learning.settle();
    }
    learning.wait_for_text("#preference-judging", "모두 매겼습니다.");
    let sets = house.platform.client.call(&ListPreferenceSets { cohort_id }).unwrap().sets;
    assert_eq!((sets[0].annotators, sets[0].pairs), (1, 2));
    teaching.press("마감 (두 모델)");
    teaching.wait_for_text(".preference-set", "마감");
    learning.reload();
    learning.wait_for_text(".preference-set", "마감");
    learning.press("결과 (두 모델)");
    learning.wait_for_text(".preference-results", "1명이 2번 매겼습니다.");
    learning.assert_accessible_everywhere("what came out of judging");
}

/// Who did what, for operators alone.
fn look_up(house: &House, running: &Browser, teaching: &Browser) {
    running.go(&house.at("/desk/audit"));
    running.wait_for_text("tbody", "강의 고치기");
    running.choose("#audit-action", "공지 지우기");
    running.wait_for_text("tbody", "한지민");
    assert!(!running.text("tbody").contains("강의 고치기"));
    running.assert_accessible_everywhere("who did what");
    teaching.go(&house.at("/desk/audit"));
    teaching.wait_for_text("main", "운영자의 페이지입니다");
}

fn a_class_is_run(database: Kind) {
    let Some(setting) = Setting::find() else { return };
    if !databases::available().contains(&database) {
        return;
    }
    let course = concat!(env!("CARGO_MANIFEST_DIR"), "/../course");
    let platform = Platform::start(database, &[("--front-end", setting.page()), ("--course", course)]);
    let house = House { platform: &platform, setting: &setting };
    let running = Browser::open(&setting, Wishes::default());
    running.go(&platform.sign_in_link());
    running.wait_for_text("main", "operator 님");
    let teaching = house.signed_in("한지민", Role::Instructor);
    let learning = house.signed_in("김수진", Role::Learner);
    first_steps(&house, &teaching, &learning);
    set_times_and_bars(&house, &teaching);
    announce(&house, &teaching, &learning);
    watch(&house, &teaching, &learning);
    change_a_lesson(&house, &teaching, &learning);
    judge_blind(&house, &teaching, &learning);
    look_up(&house, &running, &teaching);
    // A text that is no lesson is refused, and its author told why.
    teaching.assert_quiet(&["/preview - Failed to load resource: the server responded with a status of 422"]);
    for browser in [&running, &learning] {
        browser.assert_quiet(&["No available adapters"]);
    }
}

#[test]
fn a_class_is_run_from_the_desk_on_sqlite() {
    a_class_is_run(Kind::Sqlite);
}

#[test]
fn a_class_is_run_from_the_desk_on_postgresql() {
    a_class_is_run(Kind::Postgres);
}
