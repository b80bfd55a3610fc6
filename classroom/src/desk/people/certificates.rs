//! What the class's learners were given, to be looked at and taken back.

use frontend::api::call;
use frontend::api::poll::poll;
use frontend::components::toast::use_toasts;
use frontend::components::{Button, ButtonKind, Card, TableBox};
use frontend::format;
use frontend::texts::fill;
use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::api::certificates::{CertificateStanding, LearnersCertificate, ListCertificates, SetCertificate};
use shared::ids::CohortId;

use super::words::CERTIFICATES;
use crate::address::certificate_address;
use crate::forms::refusal;
use crate::weeks::points_text;

/// Nothing is shown before the first one is issued.
#[component]
pub fn Certificates(cohort_id: CohortId, is_instructor: Memo<bool>) -> impl IntoView {
    let toasts = use_toasts();
    let polled = poll(move || ListCertificates { cohort_id });
    let certificates = Memo::new(move |_| {
        polled.reply.with(|reply| reply.as_ref().map(|list| list.certificates.clone()).unwrap_or_default())
    });
    let set = move |of: LearnersCertificate, standing: CertificateStanding| {
        spawn_local(async move {
            match call(&SetCertificate { cohort_id, user_id: of.user_id, standing }).await {
                Ok(certificate) => {
                    let words = match standing {
                        CertificateStanding::Valid => CERTIFICATES.set_valid,
                        CertificateStanding::Revoked => CERTIFICATES.set_revoked,
                    };
                    toasts.done(fill(words, &[("name", &certificate.name)]));
                }
                Err(failure) => toasts.error(refusal(&failure)),
            }
            polled.ask_again();
        });
    };
    let row = move |of: LearnersCertificate| {
        let certificate = of.certificate.clone();
        let (state, action, other) = match certificate.standing {
            CertificateStanding::Valid => {
                (CERTIFICATES.valid, CERTIFICATES.revoke, CertificateStanding::Revoked)
            }
            CertificateStanding::Revoked => {
                (CERTIFICATES.revoked, CERTIFICATES.restore, CertificateStanding::Valid)
            }
        };
        let button = is_instructor.get().then(|| {
            view! {
                <Button kind=ButtonKind::Quiet on_press=move |()| set(of.clone(), other)>{action}</Button>
            }
        });
        let percent = format!("{}%", points_text(certificate.percent));
        view! {
            <tr>
                <th scope="row"><a href=certificate_address(&certificate.code)>{certificate.name}</a></th>
                <td class="number">{percent}</td>
                <td>{format::date_time(certificate.issued_at_microseconds)}</td>
                <td>{state}</td>
                <td>{button}</td>
            </tr>
        }
    };
    move || {
        let certificates = certificates.get();
        (!certificates.is_empty()).then(|| {
            view! {
                <Card title=CERTIFICATES.title.to_owned()>
                    <TableBox label=CERTIFICATES.title>
                        <thead>
                            <tr>
                                <th scope="col">{CERTIFICATES.name}</th>
                                <th scope="col" class="number">{CERTIFICATES.percent}</th>
                                <th scope="col">{CERTIFICATES.issued}</th>
                                <th scope="col">{CERTIFICATES.state}</th>
                                <td></td>
                            </tr>
                        </thead>
                        <tbody>{certificates.into_iter().map(row).collect_view()}</tbody>
                    </TableBox>
                </Card>
            }
        })
    }
}
