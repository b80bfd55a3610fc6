//! The workers: what each has, what it runs, and how it leaves.

use frontend::api::poll::Polled;
use frontend::api::{Failure, call};
use frontend::components::toast::use_toasts;
use frontend::components::{
    Ago, Button, ButtonKind, Card, ErrorBox, Field, FieldIds, TableBox, aria_invalid,
};
use frontend::format;
use frontend::texts::fill;
use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::api::workers::{
    Capabilities, CreateWorker, Drain, RevokeWorker, RotateWorkerToken, SetWorkerDrain, Worker, WorkerList,
};
use shared::ids::WorkerId;

use super::words::MACHINES;
use crate::asking::{Ask, act};
use crate::labs::copy;

/// A token that was just made, with its worker's name; shown until another one is.
type Shown = RwSignal<Option<(String, String)>>;

#[component]
pub fn Workers(polled: Polled<WorkerList>) -> impl IntoView {
    let toasts = use_toasts();
    let token: Shown = RwSignal::new(None);
    let asked = RwSignal::new(None::<Worker>);
    let workers = move || {
        polled.reply.with(|reply| reply.as_ref().map(|reply| reply.workers.clone()).unwrap_or_default())
    };
    let is_empty = Memo::new(move |_| {
        polled.reply.with(|reply| reply.as_ref().is_none_or(|reply| reply.workers.is_empty()))
    });
    let words = Signal::derive(move || {
        let name = asked.with(|worker| worker.as_ref().map(|worker| worker.name.clone()).unwrap_or_default());
        fill(MACHINES.revoke_words, &[("name", &name)])
    });
    let revoke = move |worker: Worker| {
        let done = fill(MACHINES.revoked_done, &[("name", &worker.name)]);
        act(RevokeWorker { worker_id: worker.worker_id }, done, toasts, polled);
    };
    view! {
        <Card title=MACHINES.workers.to_owned()>
            <Show when=move || !is_empty.get() fallback=|| view! { <p class="soft">{MACHINES.none}</p> }>
                <TableBox label=MACHINES.workers>
                    <thead>
                        <tr>
                            <th scope="col">{MACHINES.name}</th>
                            <th scope="col">{MACHINES.state}</th>
                            <th scope="col">{MACHINES.has}</th>
                            <th scope="col">{MACHINES.seen}</th>
                            <th scope="col">{MACHINES.runs}</th>
                            <th scope="col">{MACHINES.deeds}</th>
                        </tr>
                    </thead>
                    <tbody>
                        <For each=workers key=without_seen let:worker>
                            <Row worker=worker polled=polled token=token asked=asked/>
                        </For>
                    </tbody>
                </TableBox>
            </Show>
            <NewToken token=token/>
            <NewWorker polled=polled token=token/>
        </Card>
        <Ask about=asked title=MACHINES.revoke_title words=words no=MACHINES.revoke_no yes=MACHINES.revoke_yes on_yes=revoke/>
    }
}

/// What a row is made anew for. Whoever stands on one of its buttons stays there when only the news of the worker
/// is newer.
fn without_seen(worker: &Worker) -> String {
    format!("{:?}", Worker { seen_at_microseconds: None, ..worker.clone() })
}

fn what_it_has(capabilities: &Capabilities) -> String {
    let memory = format::bytes(capabilities.memory_bytes as f64);
    let cores = capabilities.cores.to_string();
    let machine = fill(MACHINES.cores, &[("n", &cores), ("memory", &memory)]);
    let gpus = capabilities
        .gpus
        .iter()
        .map(|gpu| format!("{} {}", gpu.name, format::bytes(gpu.memory_bytes as f64)));
    std::iter::once(machine).chain(gpus).collect::<Vec<_>>().join(" · ")
}

#[component]
fn Row(
    worker: Worker,
    polled: Polled<WorkerList>,
    token: Shown,
    asked: RwSignal<Option<Worker>>,
) -> impl IntoView {
    let toasts = use_toasts();
    let state = match (worker.revoked, worker.drain, worker.running_job) {
        (true, ..) => MACHINES.is_revoked,
        (_, Some(Drain::Finish), Some(_)) => MACHINES.finishes,
        (_, Some(Drain::Now), Some(_)) => MACHINES.gives_back,
        (_, Some(_), None) => MACHINES.is_drained,
        (_, None, Some(_)) => MACHINES.is_busy,
        (_, None, None) => MACHINES.is_free,
    };
    let has = worker.capabilities.as_ref().map_or_else(|| MACHINES.unknown.to_owned(), what_it_has);
    let worker_id = worker.worker_id;
    let seen_at = Memo::new(move |_| {
        polled.reply.with(|reply| {
            let mut all = reply.as_ref()?.workers.iter();
            all.find(|worker| worker.worker_id == worker_id)?.seen_at_microseconds
        })
    });
    let seen = move || match seen_at.get() {
        Some(at) => view! { <Ago at_microseconds=at/> }.into_any(),
        None => MACHINES.never.into_any(),
    };
    let runs = worker.running_job.map(|job| {
        view! { <a href=format!("/runs/{job}")>{fill(MACHINES.job, &[("n", &job.to_string())])}</a> }
    });
    let name = worker.name.clone();
    // Buttons of different rows say which row they are of.
    let words = StoredValue::new(format!(" ({name})"));
    let named = move || view! { <span class="visually-hidden">{words.get_value()}</span> };
    let set_drain = {
        let name = name.clone();
        Callback::new(move |drain: Option<Drain>| {
            let words = if drain.is_some() { MACHINES.drained_done } else { MACHINES.undrained_done };
            let done = fill(words, &[("name", &name)]);
            act(SetWorkerDrain { worker_id, drain }, done, toasts, polled);
        })
    };
    let rotate = {
        let name = name.clone();
        move |()| rotate(worker_id, name.clone(), token, toasts, polled)
    };
    let drains = match (worker.revoked, worker.drain) {
        (true, _) => ().into_any(),
        (false, None) => view! {
            <Button kind=ButtonKind::Quiet on_press=move |()| set_drain.run(Some(Drain::Finish))>
                {MACHINES.drain}{named()}
            </Button>
            {worker.running_job.map(|_| view! {
                <Button kind=ButtonKind::Quiet on_press=move |()| set_drain.run(Some(Drain::Now))>
                    {MACHINES.drain_now}{named()}
                </Button>
            })}
        }
        .into_any(),
        (false, Some(drain)) => view! {
            <Button kind=ButtonKind::Quiet on_press=move |()| set_drain.run(None)>{MACHINES.undrain}{named()}</Button>
            {(drain == Drain::Finish && worker.running_job.is_some()).then(|| view! {
                <Button kind=ButtonKind::Quiet on_press=move |()| set_drain.run(Some(Drain::Now))>
                    {MACHINES.drain_now}{named()}
                </Button>
            })}
        }
        .into_any(),
    };
    let revoke = (!worker.revoked).then(|| {
        let worker = worker.clone();
        view! {
            <Button kind=ButtonKind::Quiet on_press=move |()| asked.set(Some(worker.clone()))>
                {MACHINES.revoke}{named()}
            </Button>
        }
    });
    view! {
        <tr>
            <th scope="row">{name}</th>
            <td>{state}</td>
            <td>{has}</td>
            <td>{seen}</td>
            <td>{runs}</td>
            <td>
                <div class="buttons">
                    {drains}
                    <Button kind=ButtonKind::Quiet on_press=rotate>{MACHINES.rotate}{named()}</Button>
                    {revoke}
                </div>
            </td>
        </tr>
    }
}

fn rotate(
    worker_id: WorkerId,
    name: String,
    token: Shown,
    toasts: frontend::components::toast::ToastList,
    polled: Polled<WorkerList>,
) {
    spawn_local(async move {
        match call(&RotateWorkerToken { worker_id }).await {
            Ok(made) => {
                token.try_set(Some((name, made.token)));
                polled.ask_again();
            }
            Err(failure) => toasts.error(failure.words()),
        }
    });
}

/// The command that starts a worker with its new token.
#[component]
fn NewToken(token: Shown) -> impl IntoView {
    let toasts = use_toasts();
    move || {
        token.get().map(|(name, token)| {
            let origin = window().location().origin().unwrap_or_default();
            let command = format!(
                "MITBADAK_WORKER_TOKEN={token} mitbadak-worker agent --server {origin} --data worker"
            );
            let copied = command.clone();
            view! {
                <div class="reason" role="status">
                    <p>{fill(MACHINES.token_words, &[("name", &name)])}</p>
                    <pre tabindex="0"><code>{command}</code></pre>
                    <Button on_press=move |()| copy(&copied, toasts)>{MACHINES.copy}</Button>
                </div>
            }
        })
    }
}

#[component]
fn NewWorker(polled: Polled<WorkerList>, token: Shown) -> impl IntoView {
    let ids = FieldIds::new("new-worker-name");
    let name = RwSignal::new(String::new());
    let failure = RwSignal::new(None::<Failure>);
    let busy = RwSignal::new(false);
    let error = Signal::derive(move || failure.with(|failure| failure.as_ref()?.problem_of("name")));
    let other = move || failure.get().filter(|failure| failure.problem_of("name").is_none());
    let create = move |()| {
        let request = CreateWorker { name: name.get_untracked() };
        busy.set(true);
        failure.set(None);
        spawn_local(async move {
            let result = call(&request).await;
            busy.try_set(false);
            match result {
                Ok(made) => {
                    token.try_set(Some((request.name, made.token)));
                    name.try_set(String::new());
                    polled.ask_again();
                }
                Err(error) => {
                    failure.try_set(Some(error));
                }
            }
        });
    };
    view! {
        <Field ids=ids.clone() label=MACHINES.new_name hint=MACHINES.new_hint error=error>
            <input
                id=ids.control.clone()
                maxlength="100"
                aria-describedby=ids.described_by()
                aria-invalid=aria_invalid(error)
                prop:value=move || name.get()
                on:input=move |event| name.set(event_target_value(&event))
            />
        </Field>
        <Button busy=busy disabled=Signal::derive(move || name.with(|name| name.trim().is_empty())) on_press=create>
            {MACHINES.create}
        </Button>
        {move || other().map(|failure| view! { <ErrorBox failure=failure title=MACHINES.create_failed/> })}
    }
}
