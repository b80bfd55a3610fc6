//! A platform with a model that was trained on it a moment ago.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use shared::api::artifacts::GetArtifact;
use shared::api::jobs::Pipeline;
use shared::api::models::PublishModel;
use shared::artifacts::{Artifact, Purpose};
use shared::ids::ArtifactId;

use crate::databases::Kind;
use crate::path::{self, Recipe};
use crate::platform::Platform;
use crate::stories;

const DOCUMENTS: u32 = 1_000;
const COURSE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../course");

/// A platform and the exported model of a short training. The model is published.
#[derive(Debug)]
pub struct Trained {
    pub platform: Platform,
    pub source: Artifact,
    pub pipeline: Pipeline,
    pub model: Artifact,
}

impl Trained {
    pub fn start(page: &str, steps: u64) -> Self {
        let mut recipe = Recipe::short(steps);
        recipe.pretrain.checkpoint.every_steps = steps;
        Self::by_recipe(page, &recipe)
    }

    pub fn by_recipe(page: &str, recipe: &Recipe) -> Self {
        let platform = Platform::start(Kind::Sqlite, &[("--front-end", page), ("--course", COURSE)]);
        let agent = platform.agent("one");
        let client = &platform.client;
        let corpus = stories::corpus(DOCUMENTS);
        let source =
            path::upload_source(client, platform.cohort_id, "stories.jsonl.zst", &corpus, Purpose::Training);
        let request = path::pipeline(platform.cohort_id, &source, recipe, "trained");
        let submitted = client.call(&request).expect("the pipeline is accepted");
        let pipeline = path::succeed(client, submitted.pipeline_id);
        drop(agent);
        let artifact_id = path::named(&pipeline, "export").outputs["model"];
        let model = client.call(&GetArtifact { artifact_id }).expect("the model is there");
        let trained = Self { platform, source, pipeline, model };
        trained.publish("이야기 모델");
        trained
    }

    pub fn artifact_id(&self) -> ArtifactId {
        self.model.artifact_id
    }

    pub fn publish(&self, name: &str) {
        let request = PublishModel {
            artifact_id: self.artifact_id(),
            name: name.to_owned(),
            description: "시험에서 만든 모델입니다.".to_owned(),
        };
        self.platform.client.call(&request).expect("owners may publish");
    }

    /// As the engine is told of them.
    pub fn files(&self) -> Value {
        json!(self.model.files)
    }

    /// Where everybody may fetch them, on any address that leads to the platform.
    pub fn base_url(&self) -> String {
        format!("/api/v1/models/{}/files", self.artifact_id())
    }

    /// The model's files on disk.
    pub fn download(&self, into: &Path) -> PathBuf {
        for file in &self.model.files {
            let bytes = self.platform.client.get(&format!("{}/{}", self.base_url(), file.name));
            let to = into.join(file.name.as_str());
            std::fs::create_dir_all(to.parent().expect("a folder")).expect("a folder can be made");
            std::fs::write(to, bytes.expect("a published file is everybody's")).expect("it can be written");
        }
        into.to_owned()
    }
}
