//! `worker-doctor`: what the workers have that would take a job now.

use frontend::api::poll::poll;
use frontend::components::{Arrived, TableBox};
use frontend::format;
use frontend::texts::fill;
use leptos::prelude::*;
use shared::api::workers::{GetTrainingSpeeds, LiveWorker};
use shared::spec::Precision;

use super::Frame;
use super::words::WORKERS;

#[component]
pub fn WorkerDoctor() -> impl IntoView {
    let polled = poll(|| GetTrainingSpeeds {});
    // Only what changed is shown anew.
    let workers = Memo::new(move |_| {
        polled.reply.with(|reply| reply.as_ref().map(|reply| reply.workers.clone()).unwrap_or_default())
    });
    let shown = move || {
        let workers = workers.get();
        if workers.is_empty() {
            return view! { <p class="soft">{WORKERS.none}</p> }.into_any();
        }
        let rows = workers.iter().enumerate().map(|(index, worker)| row(index + 1, worker));
        let rows = rows.collect_view();
        view! {
            <TableBox label=WORKERS.title>
                <thead>
                    <tr>
                        <th scope="col">{WORKERS.worker}</th>
                        <th scope="col">{WORKERS.processor}</th>
                        <th scope="col">{WORKERS.memory}</th>
                        <th scope="col">{WORKERS.gpu}</th>
                        <th scope="col">{WORKERS.driver}</th>
                        <th scope="col">{WORKERS.speed}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </TableBox>
        }
        .into_any()
    };
    view! {
        <Frame title=WORKERS.title lead=WORKERS.lead>
            <Arrived polled=polled>{shown}</Arrived>
        </Frame>
    }
}

fn row(number: usize, worker: &LiveWorker) -> impl IntoView + use<> {
    let said = |words, n: String| fill(words, &[("n", &n)]);
    let memory = match worker.memory_bytes {
        0 => WORKERS.not_measured.to_owned(),
        bytes => format::bytes(bytes as f64),
    };
    view! {
        <tr>
            <th scope="row">{said(WORKERS.number, number.to_string())}</th>
            <td>{said(WORKERS.cores, worker.cores.to_string())}</td>
            <td>{memory}</td>
            <td>{gpus(worker)}</td>
            <td>{worker.driver_version.clone().unwrap_or_else(|| WORKERS.no_driver.to_owned())}</td>
            <td>{speed(worker)}</td>
        </tr>
    }
}

/// Each with its memory, and whether the worker's build can use them.
fn gpus(worker: &LiveWorker) -> String {
    if worker.gpus.is_empty() {
        return WORKERS.no_gpu.to_owned();
    }
    let usable = if worker.cuda { WORKERS.cuda } else { WORKERS.no_cuda };
    let gpus =
        worker.gpus.iter().map(|gpu| format!("{} {}", gpu.name, format::bytes(gpu.memory_bytes as f64)));
    format!("{} ({usable})", gpus.collect::<Vec<_>>().join(", "))
}

/// The fastest that it measured in f32.
fn speed(worker: &LiveWorker) -> String {
    let measured = worker.training_speeds.iter().filter(|speed| speed.precision == Precision::F32);
    match measured.map(|speed| speed.flops_per_second).max() {
        Some(flops) => fill(WORKERS.gigaflops, &[("n", &format::significant(flops as f64 / 1e9, 3))]),
        None => WORKERS.not_measured.to_owned(),
    }
}
