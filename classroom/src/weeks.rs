//! The path through the course: its weeks, and how far one is in each.

use frontend::api::poll::poll;
use frontend::components::{Arrived, EmptyState, Loading, PageTitle, ProgressBar};
use frontend::format;
use frontend::pages::SignedIn;
use frontend::session::use_session;
use frontend::texts::fill;
use leptos::prelude::*;
use shared::api::lessons::{LessonCard, ListLessons, WeekProgress};
use shared::ids::CohortId;

use crate::address::{ClassPart, class_address};
use crate::certificate;
use crate::first_steps::{self, FirstSteps};
use crate::notices::{self, OnTop};
use crate::roles::is_staff;
use crate::words::COURSE;

/// Of the class that one belongs to; a choice where there are several.
#[component]
pub fn Course() -> impl IntoView {
    view! { <SignedIn><MyCohorts/></SignedIn> }
}

#[component]
fn MyCohorts() -> impl IntoView {
    let session = use_session();
    let memberships = Memo::new(move |_| {
        session.state.with(|state| state.me().map(|me| me.memberships.clone()).unwrap_or_default())
    });
    move || {
        let memberships = memberships.get();
        match memberships.as_slice() {
            [] => view! {
                <PageTitle title=COURSE.title.to_owned()/>
                <EmptyState title=COURSE.no_cohort_title words=COURSE.no_cohort_words/>
            }
            .into_any(),
            [only] => view! { <WeekList cohort_id=only.cohort_id/> }.into_any(),
            several => {
                let links = several.iter().map(|membership| {
                    view! {
                        <li><a href=course_address(membership.cohort_id)>{membership.cohort_name.clone()}</a></li>
                    }
                });
                view! {
                    <PageTitle title=COURSE.title.to_owned()/>
                    <p class="lead-small">{COURSE.choose}</p>
                    <ul class="plain-list">{links.collect_view()}</ul>
                }
                .into_any()
            }
        }
    }
}

#[component]
pub fn Weeks(cohort_id: CohortId) -> impl IntoView {
    view! { <SignedIn><WeekList cohort_id=cohort_id/></SignedIn> }
}

pub fn course_address(cohort: CohortId) -> String {
    format!("/course/{cohort}")
}

pub fn lesson_address(cohort: CohortId, week: u32) -> String {
    format!("/course/{cohort}/{week}")
}

#[component]
fn WeekList(cohort_id: CohortId) -> impl IntoView {
    let lessons = poll(move || ListLessons { cohort_id });
    let steps = first_steps::ask(cohort_id);
    let told = notices::ask(cohort_id);
    let is_staff = is_staff(cohort_id);
    let cards = Memo::new(move |_| {
        lessons.reply.with(|reply| reply.as_ref().map(|list| list.lessons.clone()).unwrap_or_default())
    });
    let staff = move || {
        is_staff.get().then(|| {
            view! {
                <a class="button" href=class_address(cohort_id, ClassPart::ALL[0])>{COURSE.desk}</a>
            }
        })
    };
    view! {
        <PageTitle title=COURSE.title.to_owned()>{staff}</PageTitle>
        <p class="lead-small">{COURSE.lead}</p>
        <certificate::Note cohort_id=cohort_id/>
        <Arrived polled=lessons>
            {move || {
                if steps.with(Option::is_none) || told.with(Option::is_none) {
                    return view! { <Loading/> }.into_any();
                }
                let cards = cards.get();
                if cards.is_empty() {
                    view! { <EmptyState title=COURSE.empty_title words=COURSE.empty_words/> }.into_any()
                } else {
                    let weeks = cards.into_iter().map(|card| view! { <Week cohort_id=cohort_id card=card/> });
                    view! {
                        <OnTop told=told/>
                        <FirstSteps cohort_id=cohort_id asked=steps/>
                        <ol class="weeks">{weeks.collect_view()}</ol>
                    }
                    .into_any()
                }
            }}
        </Arrived>
    }
}

#[component]
fn Week(cohort_id: CohortId, card: LessonCard) -> impl IntoView {
    let address = lesson_address(cohort_id, card.week);
    let minutes = fill(
        COURSE.minutes,
        &[("reading", &card.reading_minutes.to_string()), ("lab", &card.lab_minutes.to_string())],
    );
    let title = if card.open {
        view! { <a href=address.clone()>{card.title.clone()}</a> }.into_any()
    } else {
        view! { <span>{card.title.clone()}</span> }.into_any()
    };
    let deliverables = card.deliverables.iter().map(|item| view! { <li>{item.name.clone()}</li> });
    view! {
        <li class="week" class=("closed", !card.open)>
            <p class="week-number">{fill(COURSE.week, &[("n", &card.week.to_string())])}</p>
            <div class="week-body">
                <h2>{title}</h2>
                <p>{card.summary.clone()}</p>
                <p class="soft">{minutes}</p>
                <ul class="week-deliverables" aria-label=COURSE.deliverables>{deliverables.collect_view()}</ul>
                <p class="soft">{times(&card)}</p>
            </div>
            <div class="week-standing">
                <Standing progress=card.progress.clone()/>
                {card.open.then(|| view! { <a class="button" href=resume_address(&card, address)>{action(&card.progress)}</a> })}
            </div>
        </li>
    }
}

fn action(progress: &WeekProgress) -> &'static str {
    match (progress.sections_read, progress.questions_answered) {
        (0, 0) => COURSE.begin,
        (read, answered) if read >= progress.sections && answered >= progress.questions => COURSE.again,
        _ => COURSE.go_on,
    }
}

/// Where one stopped reading.
fn resume_address(card: &LessonCard, address: String) -> String {
    match &card.progress.last_section {
        Some(section) if card.progress.sections_read < card.progress.sections => {
            format!("{address}#{section}")
        }
        _ => address,
    }
}

fn times(card: &LessonCard) -> String {
    let said = |words, at| fill(words, &[("time", &format::date_time(at))]);
    if let Some(opens) = card.schedule.opens_at_microseconds.filter(|_| !card.open) {
        return said(COURSE.opens, opens);
    }
    let now = frontend::browser::now_milliseconds() * 1000.0;
    card.schedule
        .due_at_microseconds
        .map_or_else(String::new, |due| said(if now > due as f64 { COURSE.was_due } else { COURSE.due }, due))
}

/// Points to the hundredth, as grades are kept: 2.25, 30.
pub fn points_text(points: f64) -> String {
    ((points * 100.0).round() / 100.0).to_string()
}

/// How far one is, as a bar and as numbers.
#[component]
pub fn Standing(progress: WeekProgress) -> impl IntoView {
    let parts = f64::from(progress.sections + progress.questions).max(1.0);
    let share = f64::from(progress.sections_read + progress.questions_answered) / parts;
    let number = |number: u32| number.to_string();
    let points = fill(
        COURSE.points,
        &[("points", &points_text(progress.points)), ("possible", &points_text(progress.points_possible))],
    );
    let waiting = (progress.waiting > 0).then(|| fill(COURSE.waiting, &[("n", &number(progress.waiting))]));
    let sections = fill(
        COURSE.sections,
        &[("read", &number(progress.sections_read)), ("all", &number(progress.sections))],
    );
    let questions = fill(
        COURSE.questions,
        &[("answered", &number(progress.questions_answered)), ("all", &number(progress.questions))],
    );
    view! {
        <div class="week-progress">
            <ProgressBar label=COURSE.progress share=Signal::stored(Some(share))/>
            <ul class="week-counts">
                <li>{sections}</li>
                <li>{questions}</li>
                <li>{points}</li>
                {waiting.map(|words| view! { <li>{words}</li> })}
            </ul>
        </div>
    }
}
