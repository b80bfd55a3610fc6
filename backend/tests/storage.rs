//! Bytes: in, out, and gone when nobody needs them.

use shared::api::ErrorCode;
use shared::api::artifacts::*;
use shared::api::jobs::InputBinding;
use shared::api::leases::SaveCheckpoint;
use shared::api::users::ListUsers;
use shared::artifacts::{FileName, Purpose};
use shared::ids::ArtifactId;

use crate::support::*;

async fn used(house: &House, person: &Person) -> u64 {
    let users = house.operator.call(ListUsers { after: None, limit: None }).await.unwrap().users;
    users.into_iter().find(|user| user.user_id == person.id).unwrap().storage_used_bytes
}

fn stored(house: &House) -> usize {
    fn count(folder: &std::path::Path) -> usize {
        let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
        entries.map(|entry| if entry.path().is_dir() { count(&entry.path()) } else { 1 }).sum()
    }
    count(&house.objects())
}

fn file_target(artifact: ArtifactId) -> String {
    format!("/api/v1/artifacts/{artifact}/files/source.txt")
}

crate::stories! {
    async fn bytes_come_back_as_an_attachment_in_parts_if_wanted(house: House) {
        let (learner, cohort) = house.learner("learner").await;
        let text = "옛날 옛적에 호랑이가";
        let artifact = learner.source(cohort, text, Purpose::Training).await;
        let target = file_target(artifact.artifact_id);
        let get = async |headers: &[(&str, &str)]| learner.client.send("GET", &target, headers, "").await;
        let whole = get(&[]).await;
        assert_eq!((whole.status.as_u16(), whole.body.as_slice()), (200, text.as_bytes()));
        assert_eq!(whole.header("content-disposition"), "attachment; filename=\"source.txt\"");
        assert_eq!(whole.header("x-content-type-options"), "nosniff");
        assert_eq!(whole.header("content-security-policy"), "default-src 'none'; frame-ancestors 'none'");
        assert!(whole.header("cache-control").contains("immutable"));
        let tag = whole.header("etag").to_owned();
        assert_eq!(tag, format!("\"{}\"", sha256(text.as_bytes())));
        let part = get(&[("range", "bytes=7-12")]).await;
        assert_eq!((part.status.as_u16(), part.body.as_slice()), (206, &text.as_bytes()[7..13]));
        assert_eq!(part.header("content-range"), format!("bytes 7-12/{}", text.len()));
        let last = get(&[("range", "bytes=-3"), ("if-range", &tag)]).await;
        assert_eq!((last.status.as_u16(), last.body.as_slice()), (206, "가".as_bytes()));
        assert_eq!(get(&[("range", "bytes=-3"), ("if-range", "\"old\"")]).await.status, 200);
        let beyond = get(&[("range", "bytes=4000-")]).await;
        assert_eq!(beyond.status, 416);
        assert_eq!(beyond.header("content-range"), format!("bytes */{}", text.len()));
        assert_eq!(get(&[("if-none-match", &tag)]).await.status, 304);
    }

    async fn a_file_above_the_limit_is_refused_and_leaves_nothing(house: House) {
        let house = house.with(|config| config.limits.upload_limit_bytes = 1000).await;
        let (learner, _) = house.learner("learner").await;
        learner.client.upload(&[1; 1000]).await.unwrap();
        assert_eq!(learner.client.upload(&[2; 1001]).await.unwrap_err().code, ErrorCode::TooLarge);
        // Also when nobody announces the size.
        let chunks = futures::stream::iter((0..20).map(|_| Ok::<_, std::io::Error>(vec![3_u8; 100])));
        let body = axum::body::Body::from_stream(chunks);
        let reply = learner.client.send("POST", "/api/v1/uploads", &[], body).await;
        assert_eq!(reply.error().code, ErrorCode::TooLarge);
        assert_eq!(stored(&house), 1);
    }

    async fn an_upload_that_breaks_off_leaves_nothing(house: House) {
        let (learner, _) = house.learner("learner").await;
        let chunks = [Ok(vec![1_u8; 100]), Err(std::io::Error::other("the cable"))];
        let body = axum::body::Body::from_stream(futures::stream::iter(chunks));
        let reply = learner.client.send("POST", "/api/v1/uploads", &[], body).await;
        assert_eq!(reply.error().code, ErrorCode::BadRequest);
        assert_eq!((stored(&house), used(&house, &learner).await), (0, 0));
    }

    async fn a_quota_counts_every_byte_once(house: House) {
        let house = house.with(|config| config.limits.storage_quota_bytes = 1000).await;
        let (learner, cohort) = house.learner("learner").await;
        learner.client.upload(&[1; 600]).await.unwrap();
        learner.client.upload(&[1; 600]).await.unwrap();
        assert_eq!(used(&house, &learner).await, 600);
        let results = tokio::join!(learner.client.upload(&[2; 300]), learner.client.upload(&[3; 300]));
        let refused: Vec<_> = [results.0, results.1].into_iter().filter_map(Result::err).map(|error| error.code).collect();
        assert_eq!(refused, [ErrorCode::QuotaExceeded]);
        assert_eq!(used(&house, &learner).await, 900);
        // A job's uploads count for its owner.
        learner.source(cohort, "글", Purpose::Training).await;
        learner.import(cohort).await;
        let held = house.worker("worker").await.claim().await;
        assert_eq!(held.client.upload_for_lease(&[4; 300]).await.unwrap_err().code, ErrorCode::QuotaExceeded);
    }

    async fn a_lease_uploads_only_what_it_names(house: House) {
        let (learner, cohort) = house.learner("learner").await;
        learner.import(cohort).await;
        let held = house.worker("worker").await.claim().await;
        let target = format!("/api/v1/lease/files/{}", sha256(b"right"));
        let reply = held.client.send("PUT", &target, &[], "wrong").await;
        assert_eq!(reply.error().problems[0].field, "sha256");
        assert_eq!(held.client.send("PUT", "/api/v1/lease/files/..%2F..%2Fetc", &[], "x").await.status, 422);
        assert_eq!(held.client.send("PUT", &target, &[], "right").await.status, 200);
    }

    async fn a_lease_reads_its_inputs_and_nothing_else(house: House) {
        let (learner, cohort) = house.learner("learner").await;
        learner.import(cohort).await;
        let held = house.worker("worker").await.claim().await;
        let get = async |target: &'static str| held.client.send("GET", target, &[], "").await;
        let reply = get("/api/v1/lease/inputs/text/source.txt").await;
        assert_eq!((reply.status.as_u16(), reply.body.as_slice()), (200, "옛날 옛적에".as_bytes()));
        for target in ["/api/v1/lease/inputs/text/other.txt", "/api/v1/lease/inputs/other/source.txt", "/api/v1/lease/checkpoint/source.txt", "/api/v1/lease/inputs/text/..%2Fsource.txt"] {
            assert_eq!(get(target).await.status, 404, "{target}");
        }
    }

    async fn the_next_attempt_continues_from_the_newest_checkpoint(house: House) {
        let (learner, cohort) = house.learner("learner").await;
        learner.import(cohort).await;
        let worker = house.worker("worker").await;
        let first = worker.claim().await;
        assert_eq!(first.lease.resume_from, None);
        for step in [10, 20, 30] {
            let bytes = format!("weights of step {step}");
            let files = vec![file("model.safetensors", bytes.as_bytes())];
            let save = SaveCheckpoint { step, files: files.clone() };
            assert_eq!(first.client.refused(save.clone()).await, ErrorCode::Invalid);
            first.client.upload_for_lease(bytes.as_bytes()).await.unwrap();
            first.client.call(save.clone()).await.unwrap();
            first.client.call(save).await.unwrap();
        }
        assert_eq!(house.count("SELECT COUNT(*) FROM checkpoints").await, 2);
        house.let_leases_run_out().await;
        let second = worker.claim().await;
        assert_eq!(second.lease.resume_from.as_ref().unwrap().step, 30);
        let reply = second.client.send("GET", "/api/v1/lease/checkpoint/model.safetensors", &[], "").await;
        assert_eq!(reply.body, b"weights of step 30");
        second.client.succeed(&second.lease).await.unwrap();
        assert_eq!(house.count("SELECT COUNT(*) FROM checkpoints").await, 0);
        assert_eq!(house.count("SELECT COUNT(*) FROM blob_grants WHERE job_id IS NOT NULL").await, 0);
    }

    async fn deleting_leaves_a_tombstone_and_lists_what_was_made_of_it(house: House) {
        let (learner, cohort) = house.learner("learner").await;
        let job_id = learner.import(cohort).await.job_id;
        let worker = house.worker("worker").await;
        let held = worker.claim().await;
        held.client.succeed(&held.lease).await.unwrap();
        let next = learner.submit(cohort, curate(), bind("dataset", output_of(job_id, "dataset"))).await.unwrap();
        let held = worker.claim().await;
        held.client.succeed(&held.lease).await.unwrap();
        let job = learner.client.job(job_id).await;
        let InputBinding::Artifact(artifact_id) = job.inputs["text"] else { unreachable!() };
        let mut expected: Vec<_> = job.outputs.values().copied().collect();
        expected.extend(learner.client.job(next.job_id).await.outputs.values().copied());
        expected.sort();
        let deleted = learner.client.call(DeleteArtifact { artifact_id }).await.unwrap();
        assert_eq!(deleted.descendants, expected);
        let tombstone = learner.client.call(GetArtifact { artifact_id }).await.unwrap();
        assert!(tombstone.deleted_at_microseconds.is_some() && tombstone.label.is_empty());
        let reply = learner.client.send("GET", &file_target(artifact_id), &[], "").await;
        assert_eq!(reply.status, 404);
        let child = learner.client.call(GetArtifact { artifact_id: output(&job, "dataset") }).await.unwrap();
        assert_eq!(child.lineage.parents, [artifact_id]);
        assert_eq!((child.lineage.job_id, child.lineage.output.as_deref()), (Some(job_id), Some("dataset")));
        assert_eq!(child.lineage.code_version.as_deref(), Some("test"));
        // The right to the bytes went with it.
        let files = vec![UploadedFile { name: FileName::try_from("a".to_owned()).unwrap(), sha256: sha256("옛날 옛적에".as_bytes()) }];
        let request = CreateArtifact { cohort_id: cohort, label: "again".into(), purpose: Purpose::Training, files };
        assert_eq!(learner.client.refused(request).await, ErrorCode::Invalid);
    }

    async fn bytes_that_nobody_needs_go_after_the_grace_period(house: House) {
        let (learner, cohort) = house.learner("learner").await;
        let kept = learner.source(cohort, "남는 글", Purpose::Training).await;
        let gone = learner.source(cohort, "지울 글", Purpose::Training).await;
        learner.client.upload("쓰지 않은 글".as_bytes()).await.unwrap();
        learner.client.call(DeleteArtifact { artifact_id: gone.artifact_id }).await.unwrap();
        let house = house.with(|_| {}).await;
        assert_eq!(backend::storage::collect::collect(&house.app).await.unwrap(), Default::default());
        assert_eq!(stored(&house), 3);
        std::fs::write(house.objects().join("uploads/broken#1"), "half").unwrap();
        let house = house.with(|config| config.limits.blob_grace_seconds = 0.0).await;
        let collected = backend::storage::collect::collect(&house.app).await.unwrap();
        assert_eq!((collected.blobs, collected.unfinished_uploads), (2, 1));
        assert_eq!(stored(&house), 1);
        let reply = house.operator.send("GET", &file_target(kept.artifact_id), &[], "").await;
        assert_eq!(reply.body, "남는 글".as_bytes());
    }

    async fn bytes_that_are_being_removed_can_be_uploaded_again(house: House) {
        let (learner, cohort) = house.learner("learner").await;
        learner.client.upload("글".as_bytes()).await.unwrap();
        // A collector stopped between marking and removing; the upload waits until it is done.
        house.write("DELETE FROM blob_grants").await;
        house.write("UPDATE blobs SET deleting_since = 1").await;
        let (uploaded, collected) = tokio::join!(learner.client.upload("글".as_bytes()), backend::storage::collect::collect(&house.app));
        collected.unwrap();
        uploaded.unwrap();
        let artifact = learner.source(cohort, "글", Purpose::Training).await;
        let reply = learner.client.send("GET", &file_target(artifact.artifact_id), &[], "").await;
        assert_eq!(reply.body, "글".as_bytes());
    }
}
