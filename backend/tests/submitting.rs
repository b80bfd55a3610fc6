//! What may be put into the queue.

use std::collections::BTreeMap;

use shared::api::ErrorCode;
use shared::api::jobs::*;
use shared::artifacts::Purpose;
use shared::spec::{ImportSpec, JobSpec, TrainTokenizerSpec};

use crate::support::*;

fn job(name: &str, spec: JobSpec, inputs: BTreeMap<String, InputBinding>) -> PipelineJob {
    PipelineJob { name: name.into(), spec, inputs, depends_on: Vec::new() }
}

crate::stories! {
    async fn the_same_key_answers_the_same_job(house: House) {
        let (learner, cohort_id) = house.learner("learner").await;
        let source = learner.source(cohort_id, "글", Purpose::Training).await;
        let request = CreateJob {
            cohort_id,
            spec: import(Purpose::Training),
            inputs: bind("text", InputBinding::Artifact(source.artifact_id)),
            idempotency_key: "once".into(),
        };
        let first = learner.client.call(request.clone()).await.unwrap();
        let (second, third) = tokio::join!(learner.client.call(request.clone()), learner.client.call(request));
        assert_eq!(second.unwrap().job_id, first.job_id);
        assert_eq!(third.unwrap().job_id, first.job_id);
        assert_eq!(first.state, JobState::Queued);
        assert_eq!(house.count("SELECT COUNT(*) FROM jobs").await, 1);
    }

    async fn fields_that_cannot_work_are_named(house: House) {
        let (learner, cohort) = house.learner("learner").await;
        let source = learner.source(cohort, "글", Purpose::Training).await;
        let source = InputBinding::Artifact(source.artifact_id);
        let parent = learner.import(cohort).await.job_id;
        let cases: Vec<(JobSpec, BTreeMap<String, InputBinding>, &str)> = vec![
            (JobSpec::Import(ImportSpec::new(vec![])), BTreeMap::new(), "spec.sources"),
            (JobSpec::TrainTokenizer(TrainTokenizerSpec::new(1)), bind("corpus", source.clone()), "spec.vocabulary_size"),
            (import(Purpose::Training), BTreeMap::new(), "inputs.text"),
            (import(Purpose::Training), bind("other", source.clone()), "inputs.other"),
            (curate(), bind("dataset", source.clone()), "inputs.dataset"),
            (curate(), bind("dataset", InputBinding::Artifact(shared::ids::ArtifactId(999))), "inputs.dataset"),
            (curate(), bind("dataset", output_of(parent, "no such output")), "inputs.dataset"),
            (curate(), bind("dataset", output_of(parent, "report")), "inputs.dataset"),
            (curate(), bind("dataset", output_of(shared::ids::JobId(999), "dataset")), "inputs.dataset"),
            (curate(), bind("dataset", named_output("import", "dataset")), "inputs.dataset"),
        ];
        for (spec, inputs, field) in cases {
            let error = learner.submit(cohort, spec, inputs).await.unwrap_err();
            assert_eq!(error.code, ErrorCode::Invalid);
            assert!(error.problems.iter().any(|problem| problem.field == field), "{field}: {error:?}");
        }
        assert_eq!(house.count("SELECT COUNT(*) FROM jobs").await, 1);
    }

    async fn a_pipeline_comes_in_whole_or_not_at_all(house: House) {
        let (learner, cohort_id) = house.learner("learner").await;
        let source = learner.source(cohort_id, "글", Purpose::Training).await;
        let source = bind("text", InputBinding::Artifact(source.artifact_id));
        let mut request = CreatePipeline {
            cohort_id,
            title: "path".into(),
            jobs: vec![
                job("curate", curate(), bind("dataset", named_output("import", "dataset"))),
                job("import", import(Purpose::Training), source),
            ],
            idempotency_key: "once".into(),
        };
        let error = learner.client.call(request.clone()).await.unwrap_err();
        assert_eq!(error.problems[0].field, "jobs.0.inputs.dataset");
        assert_eq!(house.count("SELECT COUNT(*) FROM jobs").await, 0);
        request.jobs.reverse();
        let pipeline = learner.client.call(request.clone()).await.unwrap();
        let states: Vec<JobState> = pipeline.jobs.iter().map(|job| job.state).collect();
        assert_eq!(states, [JobState::Queued, JobState::Waiting]);
        assert_eq!(pipeline.jobs[1].depends_on, [pipeline.jobs[0].job_id]);
        assert_eq!(learner.client.call(request.clone()).await.unwrap(), pipeline);
        request.idempotency_key = "twice".into();
        request.jobs[1].name = "import".into();
        let error = learner.client.call(request).await.unwrap_err();
        assert_eq!(error.problems[0].field, "jobs.1.name");
    }

    async fn one_person_queues_so_many_and_no_more(house: House) {
        let house = house.with(|config| config.queue.queued_limit = 3).await;
        let (learner, cohort) = house.learner("learner").await;
        let source = learner.source(cohort, "글", Purpose::Training).await;
        let submit = || learner.submit(cohort, import(Purpose::Training), bind("text", InputBinding::Artifact(source.artifact_id)));
        let results = tokio::join!(submit(), submit(), submit(), submit(), submit());
        let results = [results.0, results.1, results.2, results.3, results.4];
        let refused: Vec<_> = results.into_iter().filter_map(Result::err).map(|error| error.code).collect();
        assert_eq!(refused, [ErrorCode::QuotaExceeded, ErrorCode::QuotaExceeded]);
        let (other, cohort) = house.learner("other").await;
        other.import(cohort).await;
    }

    async fn a_character_that_no_database_holds_is_refused_by_its_field(house: House) {
        let (learner, cohort_id) = house.learner("learner").await;
        let source = learner.source(cohort_id, "글", Purpose::Training).await;
        let inputs = bind("text", InputBinding::Artifact(source.artifact_id));
        let create = |key: &str, spec| CreateJob { cohort_id, spec, inputs: inputs.clone(), idempotency_key: key.into() };
        let error = learner.client.call(create("a\u{0}b", import(Purpose::Training))).await.unwrap_err();
        assert_eq!((error.code, error.problems[0].field.as_str()), (ErrorCode::Invalid, "idempotency_key"));
        let JobSpec::Import(mut spec) = import(Purpose::Training) else { unreachable!() };
        spec.sources[0].label = "이야기\u{0}".into();
        let error = learner.client.call(create("a", JobSpec::Import(spec))).await.unwrap_err();
        assert_eq!(error.problems[0].field, "spec.sources.0.label");
        let target = format!("/api/v1/artifacts/{}/files/source%00.txt", source.artifact_id);
        assert_eq!(learner.client.send("GET", &target, &[], "").await.status, 400);
    }
}
