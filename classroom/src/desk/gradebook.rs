//! Everybody's points, week by week, and CSV both ways.

use frontend::api::poll::poll;
use frontend::api::{Failure, call};
use frontend::components::toast::use_toasts;
use frontend::components::{Arrived, Button, EmptyState, ErrorBox, PageTitle, TableBox};
use frontend::format;
use frontend::texts::fill;
use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::api::gradebook::{ExportGrades, GetGradebook, Gradebook, GradebookRow, ImportGrades, WeekGrade};
use shared::course::WEEKS;
use shared::ids::CohortId;
use web_sys::{File, HtmlInputElement};

use crate::files;
use crate::weeks::points_text;
use crate::words::GRADEBOOK;

#[component]
pub fn GradebookPage(cohort_id: CohortId) -> impl IntoView {
    let toasts = use_toasts();
    let polled = poll(move || GetGradebook { cohort_id });
    let failure = RwSignal::new(None::<Failure>);
    let busy = RwSignal::new(false);
    let export = move |()| {
        busy.set(true);
        spawn_local(async move {
            match call(&ExportGrades { cohort_id }).await {
                Ok(grades) => files::save(&grades.csv, GRADEBOOK.file_name, "text/csv;charset=utf-8"),
                Err(error) => toasts.error(error.words()),
            }
            busy.try_set(false);
        });
    };
    let import = move |event: leptos::ev::Event| {
        let input: HtmlInputElement = event_target(&event);
        let Some(file) = input.files().and_then(|files| files.get(0)) else { return };
        input.set_value("");
        failure.set(None);
        spawn_local(async move {
            match import_file(cohort_id, &file).await {
                Ok((rows, changed)) => {
                    let numbers = [("rows", rows.to_string()), ("changed", changed.to_string())];
                    let numbers = numbers.each_ref().map(|(name, value)| (*name, value.as_str()));
                    toasts.done(fill(GRADEBOOK.imported, &numbers));
                    polled.ask_again();
                }
                Err(error) => {
                    failure.try_set(Some(error));
                }
            }
        });
    };
    view! {
        <PageTitle title=GRADEBOOK.title.to_owned()>
            <Button busy=busy on_press=export>{GRADEBOOK.export}</Button>
            <label class="button file-button">
                {GRADEBOOK.import}
                <input class="visually-hidden" type="file" accept=".csv,text/csv" on:change=import/>
            </label>
        </PageTitle>
        <p class="lead-small">{GRADEBOOK.lead}</p>
        <p class="soft">{GRADEBOOK.import_hint}</p>
        {move || failure.get().map(|failure| view! { <ErrorBox failure=failure title=GRADEBOOK.failed/> })}
        <Arrived polled=polled>
            {move || polled.reply.get().map(|book| view! { <Table book=book/> })}
        </Arrived>
    }
}

async fn import_file(cohort_id: CohortId, file: &File) -> Result<(u32, u32), Failure> {
    let csv = files::read(file).await.ok_or_else(|| Failure::unreadable("the file is no text"))?;
    let imported = call(&ImportGrades { cohort_id, csv }).await?;
    Ok((imported.rows, imported.changed))
}

#[component]
fn Table(book: Gradebook) -> impl IntoView {
    if book.rows.is_empty() {
        return view! { <EmptyState title=GRADEBOOK.empty_title words=GRADEBOOK.empty_words/> }.into_any();
    }
    let weeks = (1..=WEEKS).map(|week| {
        view! { <th scope="col" class="number">{fill(GRADEBOOK.week, &[("n", &week.to_string())])}</th> }
    });
    let possible = book.points_possible.into_iter();
    let possible = possible.map(|points| view! { <td class="number">{points_text(points)}</td> });
    let row = |row: GradebookRow| {
        let total = fill(GRADEBOOK.percent, &[("n", &format::significant(row.total_percent, 3))]);
        view! {
            <tr>
                <th scope="row">{row.name}</th>
                {row.weeks.into_iter().map(|grade| view! { <Cell grade=grade/> }).collect_view()}
                <td class="number"><strong>{total}</strong></td>
            </tr>
        }
    };
    view! {
        <TableBox label=GRADEBOOK.title>
            <thead>
                <tr>
                    <th scope="col">{GRADEBOOK.name}</th>
                    {weeks.collect_view()}
                    <th scope="col" class="number">{GRADEBOOK.total}</th>
                </tr>
                <tr>
                    <th scope="row">{GRADEBOOK.possible}</th>
                    {possible.collect_view()}
                    <td></td>
                </tr>
            </thead>
            <tbody>{book.rows.into_iter().map(row).collect_view()}</tbody>
        </TableBox>
    }
    .into_any()
}

#[component]
fn Cell(grade: WeekGrade) -> impl IntoView {
    let note = match (grade.set_by_hand, grade.waiting) {
        (true, _) => Some(GRADEBOOK.by_hand.to_owned()),
        (false, 0) => None,
        (false, waiting) => Some(fill(GRADEBOOK.waiting, &[("n", &waiting.to_string())])),
    };
    let mark = note.map(|note| {
        let title = note.clone();
        view! { <span class="cell-mark" title=title><span class="visually-hidden">{note}</span></span> }
    });
    view! { <td class="number" class=("by-hand", grade.set_by_hand)>{points_text(grade.points)}{mark}</td> }
}
