//! Words of the desk that no page has for itself.

use crate::address::ClassPart;

pub struct Words {
    pub title: &'static str,
    pub ways: &'static str,
    pub course: &'static str,
    pub all_classes: &'static str,
    pub cohorts: &'static str,
    pub audit: &'static str,
    pub empty_title: &'static str,
    pub empty_words: &'static str,
}

pub const DESK: Words = Words {
    title: "강사 책상",
    ways: "책상의 페이지",
    course: "과정 보기",
    all_classes: "내가 가르치는 반",
    cohorts: "반과 계정",
    audit: "감사 기록",
    empty_title: "가르치는 반이 없습니다",
    empty_words: "운영자가 반을 만들고 강사나 조교로 넣어 주면 여기에 보입니다.",
};

pub fn name_of(part: ClassPart) -> &'static str {
    match part {
        ClassPart::Marking => "채점",
        ClassPart::Gradebook => "성적표",
        ClassPart::People => "사람",
        ClassPart::Queue => "대기열",
        ClassPart::Live => "수업 보기",
        ClassPart::Announcements => "공지",
        ClassPart::Lessons => "강의 고치기",
        ClassPart::Settings => "일정과 채점 기준",
    }
}
