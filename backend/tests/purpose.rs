//! What is for evaluation is never trained on.

use shared::api::ErrorBody;
use shared::api::artifacts::GetArtifact;
use shared::api::jobs::*;
use shared::artifacts::Purpose::{self, Evaluation, Training};
use shared::ids::ArtifactId;

use crate::support::*;

fn named(error: ErrorBody) -> Vec<String> {
    error.problems.into_iter().map(|problem| problem.field).collect()
}

async fn purpose(person: &Person, artifact_id: ArtifactId) -> Purpose {
    person.client.call(GetArtifact { artifact_id }).await.unwrap().purpose
}

crate::stories! {
    async fn an_import_must_own_up_to_its_source(house: House) {
        let (learner, cohort) = house.learner("learner").await;
        let source = learner.source(cohort, "문제", Evaluation).await;
        let inputs = bind("text", InputBinding::Artifact(source.artifact_id));
        let error = learner.submit(cohort, import(Training), inputs.clone()).await.unwrap_err();
        assert_eq!(named(error), ["spec.sources.0.purpose"]);
        learner.submit(cohort, import(Evaluation), inputs).await.unwrap();
    }

    async fn evaluation_is_inherited_and_refused_for_training(house: House) {
        let (learner, cohort) = house.learner("learner").await;
        let source = learner.source(cohort, "문제", Evaluation).await;
        let inputs = bind("text", InputBinding::Artifact(source.artifact_id));
        let first = learner.submit(cohort, import(Evaluation), inputs).await.unwrap().job_id;
        // Known before anything runs, also over two jobs.
        let second = learner.submit(cohort, curate(), bind("dataset", output_of(first, "dataset"))).await.unwrap();
        let corpus = bind("corpus", output_of(second.job_id, "corpus"));
        let error = learner.submit(cohort, train_tokenizer(), corpus.clone()).await.unwrap_err();
        assert_eq!(named(error), ["inputs.corpus"]);
        let worker = house.worker("worker").await;
        for _ in 0..2 {
            let held = worker.claim().await;
            // The worker's word is not enough to make training data of it.
            held.client.succeed(&held.lease).await.unwrap();
        }
        let artifact = output(&learner.client.job(second.job_id).await, "corpus");
        assert_eq!(purpose(&learner, artifact).await, Evaluation);
        for inputs in [corpus, bind("corpus", InputBinding::Artifact(artifact))] {
            let error = learner.submit(cohort, train_tokenizer(), inputs).await.unwrap_err();
            assert_eq!(named(error), ["inputs.corpus"]);
        }
    }

    async fn a_pipeline_is_refused_by_the_name_of_the_field(house: House) {
        let (learner, cohort_id) = house.learner("learner").await;
        let source = learner.source(cohort_id, "문제", Evaluation).await;
        let job = |name: &str, spec, inputs| PipelineJob { name: name.into(), spec, inputs, depends_on: vec![] };
        let jobs = vec![
            job("import", import(Evaluation), bind("text", InputBinding::Artifact(source.artifact_id))),
            job("curate", curate(), bind("dataset", named_output("import", "dataset"))),
            job("tokenizer", train_tokenizer(), bind("corpus", named_output("curate", "corpus"))),
        ];
        let request = CreatePipeline { cohort_id, title: "p".into(), jobs, idempotency_key: "k".into() };
        let error = learner.client.call(request).await.unwrap_err();
        assert_eq!(named(error), ["jobs.2.inputs.corpus"]);
    }

    async fn a_worker_that_finds_an_evaluation_set_stops_the_training_that_waits(house: House) {
        let (learner, cohort) = house.learner("learner").await;
        let first = learner.import(cohort).await.job_id;
        let second = learner.submit(cohort, curate(), bind("dataset", output_of(first, "dataset"))).await.unwrap();
        let corpus = bind("corpus", output_of(second.job_id, "corpus"));
        let third = learner.submit(cohort, train_tokenizer(), corpus).await.unwrap().job_id;
        let worker = house.worker("worker").await;
        let held = worker.claim().await;
        let outcome = held.client.upload_outputs(&held.lease, Evaluation).await.unwrap();
        held.client.finish(outcome).await.unwrap();
        let held = worker.claim().await;
        held.client.succeed(&held.lease).await.unwrap();
        assert!(worker.try_claim().await.is_none());
        let job = learner.client.job(third).await;
        assert_eq!((job.state, job.attempt), (JobState::Failed, 0));
        assert!(job.reason.unwrap().contains("is for evaluation and may not be trained on"));
    }
}
