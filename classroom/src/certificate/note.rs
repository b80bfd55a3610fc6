//! On the path of weeks: a certificate can be had, or there is one.

use frontend::api::call;
use frontend::components::Button;
use frontend::components::toast::use_toasts;
use frontend::texts::fill;
use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::api::certificates::{CertificateStanding, GetMyCertificate, IssueCertificate, MyCertificate};
use shared::ids::CohortId;

use crate::address::certificate_address;
use crate::forms::refusal;
use crate::weeks::points_text;
use crate::words::COURSE;

/// Nothing before the bar is reached. Asked for once: a grade does not move while one looks.
#[component]
pub fn Note(cohort_id: CohortId) -> impl IntoView {
    let mine = RwSignal::new(None::<MyCertificate>);
    spawn_local(async move {
        // The weeks are what the page is about: without this answer it only lacks a line.
        if let Ok(answer) = call(&GetMyCertificate { cohort_id }).await {
            mine.try_set(Some(answer));
        }
    });
    move || {
        let mine = mine.get()?;
        match mine.certificate {
            Some(certificate) if certificate.standing == CertificateStanding::Valid => {
                let view = view! {
                    <p class="certificate-note">
                        <span>{COURSE.certificate_has}</span>
                        <a class="button" href=certificate_address(&certificate.code)>{COURSE.certificate_show}</a>
                    </p>
                };
                Some(view.into_any())
            }
            None if mine.reached => {
                let percent = points_text(mine.percent);
                let needed = mine.needed_percent.to_string();
                let words = fill(COURSE.certificate_reached, &[("percent", &percent), ("needed", &needed)]);
                Some(view! { <Reached cohort_id=cohort_id words=words/> }.into_any())
            }
            _ => None,
        }
    }
}

#[component]
fn Reached(cohort_id: CohortId, words: String) -> impl IntoView {
    let toasts = use_toasts();
    let busy = RwSignal::new(false);
    let issue = move |()| {
        busy.set(true);
        spawn_local(async move {
            match call(&IssueCertificate { cohort_id }).await {
                Ok(certificate) => {
                    if window().location().assign(&certificate_address(&certificate.code)).is_err() {
                        leptos::logging::warn!("the browser does not open the certificate");
                    }
                }
                Err(failure) => {
                    toasts.error(refusal(&failure));
                    busy.try_set(false);
                }
            }
        });
    };
    view! {
        <div class="certificate-note">
            <span>{words}</span>
            <Button busy=busy on_press=issue>{COURSE.certificate_get}</Button>
        </div>
    }
}
