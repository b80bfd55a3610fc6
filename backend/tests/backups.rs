//! The whole house in one file, and a house out of it, on the same kind of database and on the other.

use std::collections::BTreeMap;
use std::path::Path;

use backend::{backup, db};
use shared::api::artifacts::DeleteArtifact;
use shared::api::leases::{RenewLease, RenewReply, SaveCheckpoint};
use shared::artifacts::Purpose;
use shared::course::Given;

use crate::migrating;
use crate::support::*;

const TEXT: &str = "백두산 호랑이가 담배를 피우던 시절 이야기";

/// Every row of every table; what is true or not reads the same from both kinds of database.
async fn rows(database: &db::Database) -> BTreeMap<String, Vec<String>> {
    let kind = if database.is_postgres() { Kind::Postgres } else { Kind::Sqlite };
    let columns = migrating::columns(database.read(), kind).await;
    let mut contents = migrating::contents(database.read(), &columns).await;
    for lines in contents.values_mut() {
        for line in lines.iter_mut() {
            let values = line.split(" | ").map(|value| match value {
                "true" => "1",
                "false" => "0",
                other => other,
            });
            *line = values.collect::<Vec<_>>().join(" | ");
        }
        lines.sort();
    }
    contents
}

async fn made(house: &House, to: &Path) {
    backup::make(&house.app.config.data, to).await.unwrap();
}

async fn refusal(ground: &Ground, from: &Path) -> String {
    format!("{:#}", backup::restore(&ground.data, from).await.unwrap_err())
}

async fn moves(from: Kind, to: Kind) {
    if !available(from) || !available(to) {
        return;
    }
    let house = House::new(from).await;
    let (learner, cohort) = house.learner("learner").await;
    let worker = house.worker("worker").await;
    let model = learner.model(cohort, &worker).await;
    let source = learner.source(cohort, TEXT, Purpose::Training).await.artifact_id;
    let gone = learner.source(cohort, "지울 글", Purpose::Training).await.artifact_id;
    learner.client.call(DeleteArtifact { artifact_id: gone }).await.unwrap();
    let given = Given::Short { text: "줄\n바꿈과 \"따옴표\"와 | 막대".into() };
    learner.answer(cohort, "why-three", given).await.unwrap();
    let running = learner.import(cohort).await.job_id;
    let held = worker.claim().await;
    held.client.upload_for_lease(b"weights").await.unwrap();
    let files = vec![file("model.safetensors", b"weights")];
    held.client.call(SaveCheckpoint { step: 10, files }).await.unwrap();
    let before = rows(&house.app.database).await;

    let folder = tempfile::tempdir().unwrap();
    let archive = folder.path().join("house.tar");
    made(&house, &archive).await;
    let ground = House::ground(to).await;
    let summary = backup::restore(&ground.data, &archive).await.unwrap();
    let database = db::connect(&ground.data.url()).await.unwrap();
    let mut after = rows(&database).await;
    database.close().await.unwrap();
    // Two columns that the backup itself, or what is no longer needed, changes.
    let mut before = before;
    let count: usize = after.values().map(Vec::len).sum();
    assert_eq!(summary.rows, count as u64);
    let blobs = after.remove("blobs").unwrap();
    assert_eq!(summary.files, blobs.len() as u64);
    assert!(before.remove("blobs").unwrap().len() > blobs.len(), "what nobody needs stays behind");
    assert_eq!(after, before);

    let restored = ground.open().await;
    let learner_there = restored.same(&learner.client);
    let target = format!("/api/v1/artifacts/{source}/files/source.txt");
    assert_eq!(learner_there.send("GET", &target, &[], "").await.body, TEXT.as_bytes());
    let target = format!("/api/v1/artifacts/{model}/files/config.json");
    let here = learner.client.send("GET", &target, &[], "").await.body;
    assert_eq!(learner_there.send("GET", &target, &[], "").await.body, here);
    // The worker goes on where it was, and new rows get new numbers.
    let held_there = restored.same(&held.client);
    assert_eq!(held_there.call(RenewLease {}).await.unwrap(), RenewReply::Continue);
    let person = Person { id: learner.id, client: learner_there };
    let next = person.import(cohort).await.job_id;
    assert!(next > running);
    restored.person("newcomer").await;
    held_there.succeed(&held.lease).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_house_moves_within_its_kind_sqlite() {
    moves(Kind::Sqlite, Kind::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_house_moves_within_its_kind_postgres() {
    moves(Kind::Postgres, Kind::Postgres).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_house_moves_from_sqlite_to_postgres() {
    moves(Kind::Sqlite, Kind::Postgres).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_house_moves_from_postgres_to_sqlite() {
    moves(Kind::Postgres, Kind::Sqlite).await;
}

/// Where these bytes begin.
fn find(bytes: &[u8], part: &[u8]) -> usize {
    bytes.windows(part.len()).position(|window| window == part).unwrap()
}

crate::stories! {
    async fn a_damaged_backup_is_refused_by_name_and_leaves_nothing(house: House) {
        let (learner, cohort) = house.learner("learner").await;
        learner.source(cohort, TEXT, Purpose::Training).await;
        let folder = tempfile::tempdir().unwrap();
        let (good, bad) = (folder.path().join("house.tar"), folder.path().join("damaged.tar"));
        made(&house, &good).await;
        let bytes = std::fs::read(&good).unwrap();
        let kind = if house.app.database.is_postgres() { Kind::Postgres } else { Kind::Sqlite };
        let ground = House::ground(kind).await;

        let text = find(&bytes, TEXT.as_bytes());
        let rows = find(&bytes, b"tables/users/000001.jsonl.zst") + 512 + 30;
        let manifest = find(&bytes, b"manifest.json");
        let stored = format!("blobs/{}", sha256(TEXT.as_bytes()));
        for (at, named) in [(text, &*stored), (rows, "tables/users/000001.jsonl.zst"), (manifest, "damaged")] {
            let mut changed = bytes.clone();
            changed[at] ^= 1;
            std::fs::write(&bad, changed).unwrap();
            let error = refusal(&ground, &bad).await;
            assert!(error.contains(named), "{error}");
        }
        for length in [0, 100, bytes.len() / 2, manifest, bytes.len() - 1024 - 512] {
            std::fs::write(&bad, &bytes[..length]).unwrap();
            refusal(&ground, &bad).await;
        }

        // After all that the ground is as empty as before.
        backup::restore(&ground.data, &good).await.unwrap();
        let again = refusal(&ground, &good).await;
        assert!(again.contains("already"), "{again}");
        let restored = ground.open().await;
        assert_eq!(restored.count("SELECT COUNT(*) FROM artifacts").await, 1);
    }

    async fn what_is_in_use_outlives_the_backup(house: House) {
        let (learner, cohort) = house.learner("learner").await;
        learner.source(cohort, TEXT, Purpose::Training).await;
        house.write("UPDATE blobs SET touched_at = 1").await;
        let folder = tempfile::tempdir().unwrap();
        let archive = folder.path().join("house.tar");
        made(&house, &archive).await;
        assert_eq!(house.count("SELECT COUNT(*) FROM blobs WHERE touched_at = 1").await, 0);
        // Nobody else may read it, and nothing is written over.
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(std::fs::metadata(&archive).unwrap().permissions().mode() & 0o777, 0o600);
        let error = backup::make(&house.app.config.data, &archive).await.unwrap_err();
        assert!(error.to_string().contains("exists already"));
    }

    async fn a_missing_file_is_told_by_name(house: House) {
        let (learner, cohort) = house.learner("learner").await;
        learner.source(cohort, TEXT, Purpose::Training).await;
        let name = sha256(TEXT.as_bytes());
        let text = name.as_str();
        std::fs::remove_file(house.objects().join("blobs").join(&text[..2]).join(&text[2..4]).join(text)).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let archive = folder.path().join("house.tar");
        let error = backup::make(&house.app.config.data, &archive).await.unwrap_err();
        assert!(format!("{error:#}").contains(text), "{error:#}");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    }

    async fn an_interrupted_restoration_says_what_to_do(house: House) {
        let folder = tempfile::tempdir().unwrap();
        let archive = folder.path().join("house.tar");
        made(&house, &archive).await;
        let ground = House::ground(Kind::Sqlite).await;
        std::fs::create_dir_all(ground.data.data.join("objects.restoring")).unwrap();
        let error = refusal(&ground, &archive).await;
        assert!(error.contains("remove it and restore again"), "{error}");
        let elsewhere = House::ground(Kind::Sqlite).await;
        let nothing = backup::make(&elsewhere.data, &folder.path().join("b.tar")).await;
        std::fs::create_dir_all(&elsewhere.data.data).unwrap();
        assert!(nothing.is_err());
    }
}
