//! What became of an answer: right or wrong and why, what it counts, and in the end the solution.

use frontend::format;
use frontend::texts::fill;
use leptos::prelude::*;
use shared::api::questions::{Asked, AskedOption, AskedQuestion, Mark, MarkedAnswer, Solution};
use shared::course::{Finding, Given};

use crate::weeks::points_text;
use crate::words::QUESTIONS;

#[component]
pub fn Outcome(question: Memo<Option<AskedQuestion>>) -> impl IntoView {
    view! {
        <div class="outcome" aria-live="polite">
            {move || question.get().map(|question| view! { <Latest question=question/> })}
        </div>
    }
}

#[component]
fn Latest(question: AskedQuestion) -> impl IntoView {
    let possible = question.points_possible;
    let latest = question.latest.clone().map(|answer| {
        let late =
            (answer.days_late > 0).then(|| fill(QUESTIONS.late, &[("n", &answer.days_late.to_string())]));
        let tone = tone(&answer, possible);
        view! {
            <div class="verdict" data-tone=tone>
                <p><strong>{verdict(&answer, possible)}</strong></p>
                {given_words(&answer.given).map(|text| view! { <p class="given">{text}</p> })}
                {answer.mark.map(|mark| view! { <Marked mark=mark/> })}
                <p class="soft">{late}</p>
            </div>
        }
    });
    let counts = question
        .counts
        .as_ref()
        .and_then(|answer| answer.mark.as_ref())
        .map(|mark| fill(QUESTIONS.counts, &[("points", &points_text(mark.points))]));
    let options = match question.asked {
        Asked::Choice { options } | Asked::Choices { options } => options,
        _ => Vec::new(),
    };
    view! {
        {latest}
        <p class="soft">{counts}</p>
        {question.solution.map(|solution| view! { <Solved solution=solution options=options/> })}
    }
}

fn tone(answer: &MarkedAnswer, possible: f64) -> &'static str {
    match &answer.mark {
        None => "waiting",
        Some(mark) if mark.earned >= possible => "right",
        Some(mark) if mark.earned > 0.0 => "partly",
        Some(_) => "wrong",
    }
}

fn verdict(answer: &MarkedAnswer, possible: f64) -> String {
    let Some(mark) = &answer.mark else { return QUESTIONS.waiting.to_owned() };
    if let Some(finding) = &mark.finding {
        return found(finding);
    }
    let points = [("possible", possible.to_string()), ("earned", mark.earned.to_string())];
    let points = points.each_ref().map(|(name, value)| (*name, value.as_str()));
    match answer.given {
        Given::Short { .. } => fill(QUESTIONS.marked, &points),
        _ if mark.earned >= possible => QUESTIONS.right.to_owned(),
        _ if mark.earned > 0.0 => fill(QUESTIONS.partly, &points),
        _ => QUESTIONS.wrong.to_owned(),
    }
}

fn found(finding: &Finding) -> String {
    let figure = |words, figure: f64| fill(words, &[("figure", &format::significant(figure, 3))]);
    match finding {
        Finding::Passed { figure: None } => QUESTIONS.passed.to_owned(),
        Finding::Passed { figure: Some(value) } => figure(QUESTIONS.passed_figure, *value),
        Finding::NotEnough { figure: value } => figure(QUESTIONS.not_enough, *value),
        Finding::NotMeasured => QUESTIONS.not_measured.to_owned(),
        Finding::NotMadeHere => QUESTIONS.not_made_here.to_owned(),
        Finding::NotOwn { part } => fill(QUESTIONS.not_own, &[("part", format::artifact_kind(*part))]),
        Finding::Missing { ancestors } => fill(QUESTIONS.missing, &[("n", &ancestors.to_string())]),
        Finding::Contaminated { ancestor } => fill(QUESTIONS.contaminated, &[("n", &ancestor.to_string())]),
    }
}

/// What was answered, where the form no longer shows it.
fn given_words(given: &Given) -> Option<String> {
    match given {
        Given::Numeric { value } => Some(value.to_string()),
        Given::Short { text } => Some(text.clone()),
        _ => None,
    }
}

#[component]
fn Marked(mark: Mark) -> impl IntoView {
    let why = mark.why_html.into_iter().map(|html| view! { <div inner_html=html></div> });
    let comment = (!mark.comment.is_empty()).then(|| {
        view! {
            <p class="comment"><span class="soft">{QUESTIONS.comment}</span>" "{mark.comment}</p>
        }
    });
    view! {
        {why.collect_view()}
        {comment}
    }
}

#[component]
fn Solved(solution: Solution, options: Vec<AskedOption>) -> impl IntoView {
    let option = |offered: AskedOption| {
        let solved = solution.options.iter().find(|solved| solved.option == offered.option).cloned();
        let (correct, why) =
            solved.map_or((false, String::new()), |solved| (solved.correct, solved.why_html));
        view! {
            <li class=("correct", correct)>
                {correct.then(|| view! { <span class="right-mark">{QUESTIONS.right_option}</span> })}
                <div inner_html=offered.text_html></div>
                <div class="soft" inner_html=why></div>
            </li>
        }
    };
    let options: Vec<_> = options.into_iter().map(option).collect();
    let number =
        solution.number.map(|number| fill(QUESTIONS.right_number, &[("number", &number.to_string())]));
    let model_answer = solution.model_answer_html.clone().map(|html| {
        view! {
            <h4>{QUESTIONS.model_answer}</h4>
            <div inner_html=html></div>
        }
    });
    view! {
        <details class="solution">
            <summary>{QUESTIONS.solution}</summary>
            <p>{number}</p>
            {(!options.is_empty()).then(|| view! { <ul class="solved-options">{options}</ul> })}
            {model_answer}
            <div inner_html=solution.explanation_html.clone()></div>
        </details>
    }
}
