//! People come, stay and go, in browsers: an instructor invites by a link and by a list, somebody signs in with a
//! password, earns a certificate that anybody can verify, and ends the account; on both databases.

#![allow(clippy::unwrap_used)]

use e2e::browser::{Browser, Setting, Wishes};
use e2e::databases::{self, Kind};
use e2e::platform::Platform;
use shared::api::cohorts::ListMembers;
use shared::api::gradebook::{GetGradebook, ImportGrades};
use shared::ids::UserId;

const NAME: &str = "박지우";
const PASSWORD: &str = "바다와 산과 강과 들판";
const ERROR: &str = ".field-error:not(:empty)";

fn members(platform: &Platform) -> Vec<(String, UserId)> {
    let members = platform.client.call(&ListMembers { cohort_id: platform.cohort_id }).unwrap().members;
    members.into_iter().map(|member| (member.name, member.user_id)).collect()
}

/// A link for many, shown once; who opens it says who they are, and is in.
fn come_by_an_invitation(platform: &Platform, teaching: &Browser, coming: &Browser) {
    let at = |path: &str| format!("{}{path}", platform.client.address);
    teaching.go(&at(&format!("/desk/{}/people", platform.cohort_id)));
    teaching.wait_for("#invitation-uses");
    teaching.assert_accessible_everywhere("the people of a class");
    teaching.press("초대 링크 만들기");
    let link = teaching.wait_for_text(".once-link", "/join#");
    let token = link.split_once('#').unwrap().1.trim().to_owned();

    coming.go(&at(&format!("/join#{token}")));
    coming.wait_for("#join-name");
    coming.assert_accessible_everywhere("an invitation");
    coming.type_into("#join-name", NAME);
    coming.type_into("#join-password", "짧다");
    coming.press("계정 만들고 들어가기");
    coming.wait_for_text(ERROR, "10자");
    coming.replace("#join-password", PASSWORD);
    coming.press("계정 만들고 들어가기");
    coming.wait_for(".week:nth-of-type(10)");
    teaching.reload();
    teaching.wait_for_text("tbody", NAME);
}

/// A password signs in; a wrong one does not, and leaves the name.
fn sign_in_with_a_password(platform: &Platform, coming: &Browser) {
    coming.press("로그아웃");
    coming.wait_for_text("h1", "밑바닥");
    coming.go(&format!("{}/sign-in", platform.client.address));
    coming.wait_for("form");
    coming.assert_accessible_everywhere("signing in");
    coming.type_into("#sign-in-name", NAME);
    coming.type_into("#sign-in-password", "틀린 비밀번호입니다");
    coming.click("form button");
    coming.wait_for_text(ERROR, "맞지 않");
    assert_eq!(coming.value("#sign-in-name"), NAME);
    coming.replace("#sign-in-password", PASSWORD);
    coming.click("form button");
    coming.wait_for_text("header", NAME);
}

/// A list is looked at by line before anybody is made of it, and each of its people gets a link of their own.
fn come_by_a_list(platform: &Platform, teaching: &Browser, coming: &Browser) {
    teaching.type_into("#people-list", "이서연,수강생\n정하늘,교장\n");
    teaching.press("미리 보기");
    teaching.wait_for_text(".people-preview", "2번째 줄");
    teaching.replace("#people-list", "이서연,수강생\n정하늘,조교\n");
    teaching.press("미리 보기");
    teaching.wait_for_text(".people-preview", "2명을 초대할 수 있습니다.");
    teaching.assert_accessible_everywhere("a list of people");
    teaching.press("2명 초대하고 링크 받기");
    teaching.wait_for_text(".toasts", "2명의 계정을 만들었습니다");
    teaching.reload();
    teaching.wait_for_text("tbody", "이서연");
    assert_eq!(members(platform).len(), 4, "{:?}", members(platform));

    teaching.press_in("tr[th='이서연']", "비밀번호 링크");
    let link = teaching.wait_for_text(".once-link", "/join#");
    teaching.press_in("dialog", "닫기");
    let token = link.split_once('#').unwrap().1.trim().to_owned();
    coming.go(&format!("{}/join#{token}", platform.client.address));
    coming.wait_for("#own-password");
    coming.assert_accessible_everywhere("a link of one's own");
    coming.type_into("#own-password", PASSWORD);
    coming.click("form button");
    coming.wait_for_text("header", "이서연");
}

/// Who reached the bar shows it to the world; an instructor can take it back, and everybody sees that.
fn earn_a_certificate(platform: &Platform, teaching: &Browser, coming: &Browser) {
    let at = |path: &str| format!("{}{path}", platform.client.address);
    let cohort_id = platform.cohort_id;
    let (_, learner) = members(platform).into_iter().find(|(name, _)| name == NAME).unwrap();
    let book = platform.client.call(&GetGradebook { cohort_id }).unwrap();
    let columns: Vec<String> = (1..=book.points_possible.len()).map(|week| format!("week_{week}")).collect();
    let points: Vec<String> = book.points_possible.iter().map(f64::to_string).collect();
    let csv = format!("learner_id,{}\n{learner},{}\n", columns.join(","), points.join(","));
    platform.client.call(&ImportGrades { cohort_id, csv }).unwrap();
    coming.go(&at(&format!("/course/{cohort_id}")));
    coming.wait_for(".certificate-note");
    coming.press("수료증 받기");
    coming.wait_for(".certificate-standing[data-standing=valid]");
    coming.assert_accessible_everywhere("a certificate");
    let address = coming.address();

    teaching.reload();
    teaching.press_in("tr[th='박지우']", "취소");
    teaching.wait_for_text("main", "취소됨");
    coming.go(&address);
    coming.wait_for(".certificate-standing[data-standing=revoked]");
}

/// The account, everything about oneself, and the end of it.
fn leave(platform: &Platform, coming: &Browser) {
    coming.go(&format!("{}/account", platform.client.address));
    coming.wait_for("#new-password");
    coming.press("무엇이 사라지는지 보기");
    coming.wait_for(".account-effects");
    coming.assert_accessible_everywhere("the account");
    coming.type_into("#deletion-name", NAME);
    coming.press("계정 지우기");
    coming.press_in("dialog", "계정 지우기");
    coming.wait_for_text("h1", "밑바닥");
    assert!(members(platform).iter().all(|(name, _)| name != NAME));
}

fn people(database: Kind) {
    let Some(setting) = Setting::find() else { return };
    if !databases::available().contains(&database) {
        return;
    }
    let course = concat!(env!("CARGO_MANIFEST_DIR"), "/../course");
    let platform = Platform::start(database, &[("--front-end", setting.page()), ("--course", course)]);
    let teaching = Browser::open(&setting, Wishes::default());
    let (coming, other) =
        (Browser::open(&setting, Wishes::default()), Browser::open(&setting, Wishes::default()));
    teaching.go(&platform.sign_in_link());
    teaching.wait_for_text("main", "operator 님");
    come_by_an_invitation(&platform, &teaching, &coming);
    sign_in_with_a_password(&platform, &coming);
    come_by_a_list(&platform, &teaching, &other);
    earn_a_certificate(&platform, &teaching, &coming);
    leave(&platform, &coming);

    // Classes and accounts of the whole server are the operator's.
    teaching.go(&format!("{}/desk/cohorts", platform.client.address));
    teaching.wait_for_text("main", "first class");
    teaching.type_into("#new-class", "둘째 반");
    teaching.press("반 만들기");
    teaching.wait_for("tr:nth-of-type(2)");
    teaching.assert_accessible_everywhere("classes of the server");
    other.go(&format!("{}/desk/cohorts", platform.client.address));
    other.wait_for_text("main", "운영자의 페이지입니다");
    teaching.assert_quiet(&[]);
    for browser in [&coming, &other] {
        browser.assert_quiet(&["422", "401"]);
    }
}

#[test]
fn people_come_and_go_sqlite() {
    people(Kind::Sqlite);
}

#[test]
fn people_come_and_go_postgres() {
    people(Kind::Postgres);
}
