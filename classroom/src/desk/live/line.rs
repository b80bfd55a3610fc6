//! A learner on a line: where, how the training goes, what is the matter; unfolded, in sentences.

use frontend::browser;
use frontend::components::Ago;
use frontend::format;
use frontend::texts::fill;
use leptos::prelude::*;
use shared::api::class::{AnswerStanding, LearnerNow, LossPoint, TrainingNow};
use shared::ids::{CohortId, UserId};

use super::flags;
use super::words::LIVE;
use crate::weeks::lesson_address;

const WIDTH: f64 = 120.0;
const HEIGHT: f64 = 28.0;
/// Room for the line's own thickness.
const EDGE: f64 = 2.0;

#[component]
pub fn Line(cohort_id: CohortId, learner: UserId, learners: Memo<Vec<LearnerNow>>) -> impl IntoView {
    let now = Memo::new(move |_| learners.with(|all| all.iter().find(|it| it.learner == learner).cloned()));
    // What is no curve changes rarely: links keep the focus while a training goes on.
    let calm = Memo::new(move |_| {
        let mut now = now.get()?;
        now.training.iter_mut().for_each(|training| training.curve.clear());
        Some(now)
    });
    let of = move |part: fn(&LearnerNow, CohortId) -> AnyView| {
        move || calm.with(|now| now.as_ref().map(|now| part(now, cohort_id)))
    };
    let name =
        Memo::new(move |_| now.with(|now| now.as_ref().map(|now| now.name.clone()).unwrap_or_default()));
    let open = RwSignal::new(false);
    // Built anew only when they say something else.
    let training = Memo::new(move |_| now.with(|now| now.as_ref().and_then(|now| now.training.clone())));
    view! {
        <li class="live-line">
            <div class="live-who">
                <strong>{move || name.get()}</strong>
                <span class="soft">{of(|now, _| seen(now))}</span>
            </div>
            <div class="live-place">{of(place)}</div>
            <div class="live-jobs soft">{of(|now, _| jobs(now))}</div>
            <div class="live-curve">{move || training.get().and_then(|training| spark(&training))}</div>
            <div class="live-marks">{of(|now, _| marks(now))}</div>
            <button
                type="button"
                class="live-more"
                aria-expanded=move || open.get().to_string()
                on:click=move |_| open.update(|open| *open = !*open)
            >
                <span class="visually-hidden">{move || fill(LIVE.details, &[("name", &name.get())])}</span>
            </button>
            <Show when=move || open.get()>{of(details)}</Show>
        </li>
    }
}

fn seen(now: &LearnerNow) -> AnyView {
    match now.seen_at_microseconds {
        Some(at) => view! { <Ago at_microseconds=at/> }.into_any(),
        None => LIVE.never.into_any(),
    }
}

fn place(now: &LearnerNow, cohort: CohortId) -> AnyView {
    let Some(reading) = &now.reading else {
        return view! { <span class="soft">{LIVE.not_begun}</span> }.into_any();
    };
    let words = fill(LIVE.reads, &[("week", &reading.week.to_string()), ("title", &reading.title)]);
    let address = format!("{}#{}", lesson_address(cohort, reading.week), reading.section);
    view! { <a href=address>{words}</a> }.into_any()
}

fn jobs(now: &LearnerNow) -> AnyView {
    if now.running_jobs + now.queued_jobs == 0 {
        return ().into_any();
    }
    let (running, queued) = (now.running_jobs.to_string(), now.queued_jobs.to_string());
    fill(LIVE.jobs, &[("running", &running), ("queued", &queued)]).into_any()
}

fn spark(training: &TrainingNow) -> Option<impl IntoView + use<>> {
    let (first, last) = (training.curve.first()?, training.curve.last()?);
    let said = |loss: f64| format::significant(loss, 3);
    let step = format::count(last.step as f64);
    let words = if training.curve.len() == 1 { LIVE.curve_one } else { LIVE.curve };
    let label = fill(words, &[("first", &said(first.loss)), ("last", &said(last.loss)), ("step", &step)]);
    let points = polyline(&training.curve);
    Some(view! {
        <a href=format!("/runs/{}", training.job_id) aria-label=label>
            <svg class="spark" viewBox=format!("0 0 {WIDTH} {HEIGHT}") aria-hidden="true">
                <polyline points=points/>
            </svg>
            <span aria-hidden="true">{said(last.loss)}</span>
        </a>
    })
}

/// From the left edge to the right one, the highest loss on top.
fn polyline(curve: &[LossPoint]) -> String {
    let losses = || curve.iter().map(|point| point.loss);
    let (least, greatest) =
        (losses().fold(f64::INFINITY, f64::min), losses().fold(f64::NEG_INFINITY, f64::max));
    let (begin, end) = (curve.first().map_or(0, |it| it.step), curve.last().map_or(0, |it| it.step));
    let share = |value: f64, least: f64, greatest: f64| {
        if greatest > least { (value - least) / (greatest - least) } else { 0.5 }
    };
    let point = |point: &LossPoint| {
        let x = EDGE + share(point.step as f64, begin as f64, end as f64) * (WIDTH - 2.0 * EDGE);
        let y = HEIGHT - EDGE - share(point.loss, least, greatest) * (HEIGHT - 2.0 * EDGE);
        format!("{x:.1},{y:.1}")
    };
    curve.iter().map(point).collect::<Vec<_>>().join(" ")
}

fn marks(now: &LearnerNow) -> AnyView {
    let mark = |flag| {
        let class = if flags::is_bad(flag) { "label-mark bad" } else { "label-mark" };
        view! { <span class=class>{flags::mark(flag)}</span> }
    };
    now.flags.iter().map(mark).collect_view().into_any()
}

fn details(now: &LearnerNow, _: CohortId) -> AnyView {
    let at = browser::now_milliseconds() * 1000.0;
    let answer = now.answer.as_ref().map(|answer| {
        let judged = match answer.judged {
            AnswerStanding::Right => LIVE.right,
            AnswerStanding::Wrong => LIVE.wrong,
            AnswerStanding::Waits => LIVE.waits,
        };
        let (week, attempt) = (answer.week.to_string(), answer.attempt.to_string());
        let question = flags::question_words(answer.number, &answer.question);
        let values = [("week", &*week), ("question", &*question), ("attempt", &*attempt), ("judged", judged)];
        let words = fill(LIVE.answered, &values);
        view! { <li>{words}" "<span class="soft"><Ago at_microseconds=answer.at_microseconds/></span></li> }
    });
    let training = now.training.as_ref().map(|training| {
        let (number, state) = (training.job_id.to_string(), format::state(training.state));
        let words = fill(LIVE.training, &[("n", &number), ("state", state)]);
        view! { <li><a href=format!("/runs/{number}")>{words}</a></li> }
    });
    let flags = now.flags.iter().map(|flag| {
        let job = flags::job(flag).map(|job| {
            let words = fill(LIVE.open_job, &[("n", &job.to_string())]);
            view! { " "<a href=format!("/runs/{job}")>{words}</a> }
        });
        view! { <li>{flags::words(flag, at)}{job}</li> }
    });
    let all_well = now.flags.is_empty().then(|| view! { <li class="soft">{LIVE.all_well}</li> });
    view! { <ul class="live-details">{flags.collect_view()}{all_well}{answer}{training}</ul> }.into_any()
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test]
    fn a_curve_goes_from_edge_to_edge_and_falls_to_the_bottom() {
        let point = |step, loss| LossPoint { step, loss };
        assert_eq!(polyline(&[point(1, 9.0), point(2, 5.0), point(3, 1.0)]), "2.0,2.0 60.0,14.0 118.0,26.0");
        assert_eq!(polyline(&[point(7, 9.0)]), "60.0,14.0", "one point stands in the middle");
        assert_eq!(polyline(&[]), "");
    }
}
