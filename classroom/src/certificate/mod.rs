//! A certificate, for whoever was given its link. Printed, it is a page to hang up.

mod note;
mod words;

use frontend::api::poll::poll;
use frontend::browser;
use frontend::components::toast::use_toasts;
use frontend::components::{Button, ButtonKind, EmptyState, ErrorBox, Loading, PageTitle};
use frontend::format;
use frontend::texts::fill;
use leptos::prelude::*;
use shared::api::certificates::{Certificate, CertificateStanding, GetCertificate};

use crate::address::certificate_address;
use crate::forms::copy;
use crate::weeks::points_text;
pub use note::Note;
use words::CERTIFICATE;

#[component]
pub fn CertificatePage(code: String) -> impl IntoView {
    let polled = poll(move || GetCertificate { code: code.clone() });
    move || match (polled.reply.get(), polled.failure.get()) {
        (Some(certificate), _) => view! { <Shown certificate=certificate/> }.into_any(),
        (None, Some(failure)) if failure.is_not_found() => view! {
            <PageTitle title=CERTIFICATE.heading.to_owned()/>
            <EmptyState title=CERTIFICATE.gone_title words=CERTIFICATE.gone_words/>
        }
        .into_any(),
        (None, Some(failure)) => view! {
            <PageTitle title=CERTIFICATE.heading.to_owned()/>
            <ErrorBox failure=failure on_retry=Callback::new(move |()| polled.ask_again())/>
        }
        .into_any(),
        (None, None) => view! { <PageTitle title=CERTIFICATE.heading.to_owned()/><Loading/> }.into_any(),
    }
}

#[component]
fn Shown(certificate: Certificate) -> impl IntoView {
    let toasts = use_toasts();
    let address = format!("{}{}", browser::origin(), certificate_address(&certificate.code));
    let copied = address.clone();
    let is_valid = certificate.standing == CertificateStanding::Valid;
    let percent = points_text(certificate.percent);
    let facts = [
        (CERTIFICATE.course, certificate.cohort_name.clone()),
        (CERTIFICATE.weeks, fill(CERTIFICATE.weeks_value, &[("n", &certificate.weeks.to_string())])),
        (CERTIFICATE.grade, fill(CERTIFICATE.grade_value, &[("n", &percent)])),
        (CERTIFICATE.date, format::date_time(certificate.issued_at_microseconds)),
        (CERTIFICATE.issuer, certificate.issuer.clone()),
    ];
    let facts = facts.map(|(name, value)| view! { <div><dt>{name}</dt><dd>{value}</dd></div> });
    // A print without a browser that keeps quiet about it cannot be helped.
    let print = move |()| drop(window().print());
    view! {
        <PageTitle title=fill(CERTIFICATE.title, &[("name", &certificate.name)])>
            <Button kind=ButtonKind::Plain on_press=print>{CERTIFICATE.print}</Button>
            <Button kind=ButtonKind::Quiet on_press=move |()| copy(&copied, toasts, CERTIFICATE.copied)>
                {CERTIFICATE.copy}
            </Button>
        </PageTitle>
        <p class="certificate-standing" data-standing=if is_valid { "valid" } else { "revoked" } role="status">
            {if is_valid { CERTIFICATE.valid } else { CERTIFICATE.revoked_words }}
        </p>
        <article class="certificate" class=("revoked", !is_valid)>
            <h2>{CERTIFICATE.heading}</h2>
            <p class="certificate-name">{certificate.name.clone()}</p>
            <p class="certificate-says">{if is_valid { CERTIFICATE.says } else { CERTIFICATE.revoked }}</p>
            <dl class="certificate-facts">{facts.into_iter().collect_view()}</dl>
            <p class="certificate-number">
                {CERTIFICATE.number}" "<code>{certificate.code.clone()}</code>
                <span>{CERTIFICATE.verify}</span>
                <span class="certificate-address">{address}</span>
            </p>
        </article>
    }
}
