//! Addresses of the pages in this program.

use shared::ids::CohortId;

/// A page, by its address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Page {
    /// Of the first class that one belongs to, or a choice of them.
    Course,
    Weeks {
        cohort_id: CohortId,
    },
    Lesson {
        cohort_id: CohortId,
        week: u32,
    },
    Desk(Place),
    /// One's own account.
    Account,
    /// Where links lead that bring people in.
    Join,
    /// By its code.
    Certificate(String),
    /// What one is told.
    Notifications,
    /// Every part that pages are built of, and every lab.
    Gallery,
    Unknown,
}

/// A place at the desk of those who teach or run the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// The first class that one teaches, or a choice of them.
    First,
    /// All classes and accounts of the server, for operators.
    Cohorts,
    Class {
        cohort_id: CohortId,
        part: ClassPart,
    },
    /// Workers and the queue of all classes, for operators.
    Machines,
    /// What is stored, for operators.
    Storage,
    /// Who did what, for operators.
    Audit,
    /// A week's text, being changed.
    LessonText {
        cohort_id: CohortId,
        week: u32,
    },
}

/// What there is to do for one class.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClassPart {
    Live,
    Marking,
    Gradebook,
    People,
    Queue,
    Announcements,
    /// The texts of the weeks.
    Lessons,
    /// When weeks open and are due, and how answers count.
    Settings,
}

impl ClassPart {
    /// In the order of the navigation.
    pub const ALL: [Self; 8] = [
        Self::Live,
        Self::Marking,
        Self::Gradebook,
        Self::People,
        Self::Announcements,
        Self::Queue,
        Self::Lessons,
        Self::Settings,
    ];
}

pub fn page(path: &str) -> Page {
    let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
    let cohort = |part: &str| part.parse().ok().map(CohortId);
    match parts.as_slice() {
        ["course"] => Page::Course,
        ["course", id] => cohort(id).map_or(Page::Unknown, |cohort_id| Page::Weeks { cohort_id }),
        ["course", id, week] => match (cohort(id), week.parse()) {
            (Some(cohort_id), Ok(week)) => Page::Lesson { cohort_id, week },
            _ => Page::Unknown,
        },
        ["desk", rest @ ..] => place(rest).map_or(Page::Unknown, Page::Desk),
        ["account"] => Page::Account,
        ["join"] => Page::Join,
        ["certificates", code] => Page::Certificate((*code).to_owned()),
        ["notifications"] => Page::Notifications,
        ["gallery"] => Page::Gallery,
        _ => Page::Unknown,
    }
}

fn place(parts: &[&str]) -> Option<Place> {
    let class = |id: &str, part| Some(Place::Class { cohort_id: CohortId(id.parse().ok()?), part });
    match parts {
        [] => Some(Place::First),
        ["cohorts"] => Some(Place::Cohorts),
        [id, "marking"] => class(id, ClassPart::Marking),
        [id, "gradebook"] => class(id, ClassPart::Gradebook),
        [id, "people"] => class(id, ClassPart::People),
        [id, "queue"] => class(id, ClassPart::Queue),
        [id, "announcements"] => class(id, ClassPart::Announcements),
        [id, "lessons"] => class(id, ClassPart::Lessons),
        [id, "live"] => class(id, ClassPart::Live),
        [id, "settings"] => class(id, ClassPart::Settings),
        ["machines"] => Some(Place::Machines),
        ["storage"] => Some(Place::Storage),
        ["audit"] => Some(Place::Audit),
        [id, "lessons", week] => {
            Some(Place::LessonText { cohort_id: CohortId(id.parse().ok()?), week: week.parse().ok()? })
        }
        _ => None,
    }
}

pub const COHORTS_ADDRESS: &str = "/desk/cohorts";

pub fn certificate_address(code: &str) -> String {
    format!("/certificates/{code}")
}

pub fn class_address(cohort_id: CohortId, part: ClassPart) -> String {
    let part = match part {
        ClassPart::Marking => "marking",
        ClassPart::Gradebook => "gradebook",
        ClassPart::People => "people",
        ClassPart::Queue => "queue",
        ClassPart::Announcements => "announcements",
        ClassPart::Lessons => "lessons",
        ClassPart::Live => "live",
        ClassPart::Settings => "settings",
    };
    format!("/desk/{cohort_id}/{part}")
}

pub fn lesson_text_address(cohort_id: CohortId, week: u32) -> String {
    format!("/desk/{cohort_id}/lessons/{week}")
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test]
    fn an_address_names_a_page() {
        let cohort_id = CohortId(3);
        for (path, expected) in [
            ("/course", Page::Course),
            ("/course/", Page::Course),
            ("/course/x", Page::Unknown),
            ("/course/3", Page::Weeks { cohort_id }),
            ("/course/3/5", Page::Lesson { cohort_id, week: 5 }),
            ("/course/3/else", Page::Unknown),
            ("/desk", Page::Desk(Place::First)),
            ("/desk/3/marking", Page::Desk(Place::Class { cohort_id, part: ClassPart::Marking })),
            ("/desk/3/nothing", Page::Unknown),
            ("/desk/cohorts", Page::Desk(Place::Cohorts)),
            ("/account", Page::Account),
            ("/join", Page::Join),
            ("/certificates/0a", Page::Certificate("0a".to_owned())),
            ("/desk/machines", Page::Desk(Place::Machines)),
            ("/desk/storage", Page::Desk(Place::Storage)),
            ("/notifications", Page::Notifications),
            ("/desk/audit", Page::Desk(Place::Audit)),
            ("/desk/3/lessons/5", Page::Desk(Place::LessonText { cohort_id, week: 5 })),
            ("/gallery", Page::Gallery),
        ] {
            assert_eq!(page(path), expected, "{path}");
        }
    }

    #[wasm_bindgen_test]
    fn every_part_of_a_class_has_an_address_of_its_own() {
        let cohort_id = CohortId(3);
        for part in ClassPart::ALL {
            let expected = Page::Desk(Place::Class { cohort_id, part });
            assert_eq!(page(&class_address(cohort_id, part)), expected);
        }
    }
}
