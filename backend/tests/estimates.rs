//! How long a training will take, before it is submitted and beside what it took.

use shared::api::jobs::{CreatePipeline, ListJobEvents};
use shared::api::leases::AppendEvents;
use shared::api::workers::{ClaimJob, GetTrainingSpeeds, RevokeWorker};
use shared::events::{AttemptEvent, JobEvent};
use shared::ids::{ArtifactId, JobId};
use shared::spec::presets::Preset;
use shared::spec::whole_path::{Reading, SourceArtifact, pipeline};
use shared::spec::{Estimate, ExportSpec, JobKind, Precision, TrainingSpeed};

use crate::support::*;

/// A claim of a machine that sustains so much at every width.
fn claim_at(flops_per_second: u64) -> ClaimJob {
    let mut request = claim_of(&JobKind::ALL);
    let speed = TrainingSpeed { hidden_size: 64, precision: Precision::F32, flops_per_second };
    request.capabilities.training_speeds = vec![speed];
    request
}

async fn take(worker: &Worker, request: ClaimJob) -> Held {
    let lease = worker.client.call(request).await.unwrap().lease.expect("there is a job to claim");
    Held { client: worker.client.with_token(&lease.token), lease }
}

async fn estimates(person: &Person, job_id: JobId) -> Vec<Estimate> {
    let events = person.client.call(ListJobEvents { job_id, after: None, limit: None }).await.unwrap().events;
    let estimate = |event| match event {
        JobEvent::Estimated { estimate } => Some(estimate),
        _ => None,
    };
    events.into_iter().filter_map(|event| estimate(event.event)).collect()
}

fn whole_path(source: ArtifactId) -> Vec<shared::api::jobs::PipelineJob> {
    let source = SourceArtifact { artifact_id: source, label: "글".into(), licence_note: String::new() };
    let export =
        ExportSpec { name: "m".into(), description: String::new(), licence: String::new(), gguf: None };
    pipeline(&[source], &Reading::default(), &Preset::Tiny.tokenizer(), &Preset::Tiny.pretrain(), export)
}

crate::stories! {
    async fn whoever_is_about_to_train_learns_what_the_living_workers_sustain(house: House) {
        let (learner, _) = house.learner("learner").await;
        let speeds = async || learner.client.call(GetTrainingSpeeds {}).await.unwrap().workers;
        assert!(speeds().await.is_empty());
        let (fast, slow) = (house.worker("fast").await, house.worker("slow").await);
        fast.client.call(claim_at(200)).await.unwrap();
        slow.client.call(claim_at(100)).await.unwrap();
        house.worker("unmeasured").await.client.call(claim_of(&JobKind::ALL)).await.unwrap();
        house.worker_account("never seen").await;
        let mut rates: Vec<Vec<u64>> = speeds()
            .await
            .iter()
            .map(|worker| worker.training_speeds.iter().map(|speed| speed.flops_per_second).collect())
            .collect();
        rates.sort();
        assert_eq!(rates, [vec![], vec![100], vec![200]]);

        // One that was shut out and one that fell silent are not counted on.
        let id = house.count("SELECT id FROM workers WHERE name = 'slow'").await;
        house.operator.call(RevokeWorker { worker_id: shared::ids::WorkerId(id) }).await.unwrap();
        house.write("UPDATE workers SET seen_at = 1 WHERE name = 'unmeasured'").await;
        let left = speeds().await;
        assert_eq!(left.len(), 1);
        assert_eq!(left[0].training_speeds[0].flops_per_second, 200);
        assert_eq!(left[0].memory_bytes, 8 << 30);
    }

    async fn each_attempt_of_a_training_begins_with_what_its_worker_makes_of_it(house: House) {
        let (learner, cohort) = house.learner("learner").await;
        let source = learner.source(cohort, "옛날 옛적에", Default::default()).await.artifact_id;
        let jobs = whole_path(source);
        let request = CreatePipeline {
            cohort_id: cohort, title: "path".into(), jobs, idempotency_key: "one".into(),
        };
        let jobs = learner.client.call(request).await.unwrap().jobs;
        let worker = house.worker("worker").await;
        for job in &jobs[..3] {
            let held = take(&worker, claim_at(1)).await;
            held.client.succeed(&held.lease).await.unwrap();
            assert_eq!(estimates(&learner, job.job_id).await, [], "only trainings have a speed");
        }
        let job = jobs[3].job_id;
        let held = take(&worker, claim_at(1_000_000_000)).await;
        assert_eq!(held.lease.job_id, job);
        let first = held.lease.spec.estimate(0, 1e9);
        assert!(first.seconds.is_some_and(|seconds| seconds > 0.0));
        assert_eq!(estimates(&learner, job).await, std::slice::from_ref(&first));

        // The worker leaves; the next one is faster, and one that measured nothing names no time.
        held.client.finish(given_back()).await.unwrap();
        let held = take(&worker, claim_at(4_000_000_000)).await;
        let second = estimates(&learner, job).await.pop().unwrap();
        assert_eq!(second.seconds.unwrap() * 4.0, first.seconds.unwrap());
        held.client.finish(given_back()).await.unwrap();
        let held = take(&worker, claim_of(&JobKind::ALL)).await;
        let third = estimates(&learner, job).await.pop().unwrap();
        assert_eq!((third.seconds, third.tokens_per_second, third.memory_bytes), (None, None, first.memory_bytes));

        // Only the server tells them.
        let events = vec![AttemptEvent { event_number: 1, event: JobEvent::Estimated { estimate: third } }];
        let refused = held.client.call(AppendEvents { events }).await.unwrap_err();
        assert_eq!(refused.problems[0].field, "events.0.type");
        held.client.succeed(&held.lease).await.unwrap();
    }
}
