//! `cargo xtask demo`: text → a model that writes Korean, through the real platform.
//!
//! Everything below `demo/` in the data folder can be made again: the generated corpus, the state
//! that lets the same command go on, the report, the exported model, the platform's log.

mod client;
mod follow;
mod report;
mod sources;
mod state;
mod talk;
mod terminal;

use std::fs;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use anyhow::{Context, Result, bail};
use clap::{Args, ValueEnum};
use shared::api::Role;
use shared::api::artifacts::{CreateArtifact, UploadedFile};
use shared::api::cohorts::{CreateCohort, SetMember};
use shared::api::jobs::{CancelJob, CreatePipeline, Pipeline};
use shared::api::sessions::Me;
use shared::artifacts::Purpose;
use shared::ids::CohortId;
use shared::spec::depth::{DEEPEST, Size};
use shared::spec::presets::Preset;
use shared::spec::whole_path::{self, Fit, Reading, SourceArtifact};
use shared::spec::{Encoding, ExportSpec};

use crate::platform::{self, Log, Platform, PlatformOptions};
use crate::tools::WasmSource;
use crate::{front_end, process, signals, workspace};
use client::Client;
use sources::Source;

/// The seed of the generated corpus.
const CORPUS_SEED: u64 = 1;
const COHORT: &str = "demo";

/// Without a terminal, prompts are read from standard input line by line; at its end the platform
/// keeps running until Ctrl-C or SIGTERM. At a terminal, an empty line, Ctrl-D or Ctrl-C ends everything.
#[derive(Debug, Args)]
pub struct DemoOptions {
    /// Files or folders of txt, jsonl, tsv, csv or md, plain, .gz or .zst [default: generated stories]
    #[arg(long, num_args = 1.., value_name = "PATH")]
    corpus: Vec<PathBuf>,
    /// How the files of --corpus are encoded: utf8, euc-kr, utf16-le or utf16-be
    #[arg(long, default_value_t)]
    encoding: Encoding,
    /// The column or JSON field that holds the text [default: guessed and shown]
    #[arg(long, value_name = "NAME")]
    text_field: Option<String>,
    /// tiny: a minute or two, to see that everything works; small: a quarter of an hour, writes Korean
    #[arg(long, value_enum, default_value = "small")]
    preset: PresetName,
    /// Layers; width, batch, rate and steps follow from it. 2: half an hour on two cores, 4: a night
    #[arg(long, value_name = "LAYERS", conflicts_with = "preset",
        value_parser = clap::value_parser!(u32).range(1..=i64::from(DEEPEST)))]
    depth: Option<u32>,
    /// Tokens of the vocabulary [default: the preset's or the depth's, or what the corpus allows]
    #[arg(long, value_name = "TOKENS")]
    vocabulary_size: Option<u32>,
    /// Stop when done; the report is in var/demo/report.json
    #[arg(long)]
    exit: bool,
    /// Begin anew although the same corpus was trained on before
    #[arg(long)]
    fresh: bool,
    /// Folder of the database and the files [default: var/ in the repository]
    #[arg(long)]
    data: Option<PathBuf>,
    /// Where to listen [default: 127.0.0.1:8080, or a free port when that is taken]
    #[arg(long)]
    bind: Option<SocketAddr>,
    /// Threads to train on [default: all]
    #[arg(long)]
    threads: Option<u32>,
    /// Where the wasm32 compiler for the page comes from
    #[arg(long, value_enum, default_value = "automatic", env = "MITBADAK_WASM")]
    wasm: WasmSource,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum PresetName {
    Tiny,
    Small,
}

impl DemoOptions {
    fn size(&self) -> Size {
        match (self.depth, self.preset) {
            (Some(depth), _) => Size::Depth(depth),
            (None, PresetName::Tiny) => Size::Preset(Preset::Tiny),
            (None, PresetName::Small) => Size::Preset(Preset::Small),
        }
    }

    fn reading(&self) -> Reading {
        Reading { encoding: self.encoding, text_field: self.text_field.clone() }
    }
}

pub fn run(options: &DemoOptions) -> Result<()> {
    let data = options.data.clone().unwrap_or_else(|| workspace::root().join("var"));
    let folder = data.join("demo");
    fs::create_dir_all(&folder)
        .with_context(|| format!("no folder {}: can it be written?", folder.display()))?;
    // What was typed wrong is said before minutes are spent on building.
    let given: Vec<Source> = options.corpus.iter().map(|path| sources::find(path)).collect::<Result<_>>()?;

    let fit = fit(options, &given)?;

    println!("Building the platform …");
    let begin = Instant::now();
    platform::build()?;
    let front_end = front_end::build(options.wasm)?;
    let build_seconds = begin.elapsed().as_secs_f64();
    println!("Built in {build_seconds:.0} s.");

    let sources = if given.is_empty() { vec![generated_corpus(&folder, options.size())?] } else { given };
    signals::count_stop_requests()?;
    let mut platform = Platform::start(&PlatformOptions {
        bind: options.bind.unwrap_or_else(default_address),
        data,
        workers: 1,
        threads: options.threads,
        front_end,
        log: Log::File(folder.join("platform.log")),
    })?;
    let (client, me) = Client::sign_in(platform.url(), platform.sign_in_link()?.token)?;
    let cohort_id = cohort(&client, &me)?;

    let pipeline = pipeline(options, &client, cohort_id, &sources, &fit, &folder)?;
    // The page shows everything that follows here in lines. The link is the browser's; this command
    // has a session of its own.
    println!("\nWatch it in a browser, on this machine. The link works once, within 15 minutes:");
    println!("  {}", platform.sign_in_link()?.url);
    let Some(runs) = follow::pipeline(&client, &mut platform, &pipeline)? else {
        println!("\nStopped; the same command goes on from here.");
        return platform.stop();
    };
    let report = report::write(&client, &pipeline, &runs, &sources, build_seconds, &folder)?;
    report.print(&folder.join("report.json"));
    let model = talk::fetch_model(&client, &report, &folder)?;
    if !options.exit {
        println!("In a browser: {} (a new sign-in link: {})", platform.url(), platform.sign_in_link()?.url);
        talk::continue_prompts(&mut platform, &model)?;
    }
    platform.stop()
}

/// What to train, by how much text was given.
fn fit(options: &DemoOptions, given: &[Source]) -> Result<Fit> {
    let text_bytes = (!given.is_empty()).then(|| given.iter().map(Source::text_bytes).sum::<u64>());
    let fit = whole_path::fit(options.size(), text_bytes, options.vocabulary_size)?;
    if let Some(text_bytes) = text_bytes {
        let files: usize = given.iter().map(|source| source.files.len()).sum();
        println!("Corpus: {files} files, about {:.1} MB of text.", text_bytes as f64 / 1e6);
    }
    for change in &fit.changes {
        println!("For a corpus of this size: {change}.");
    }
    Ok(fit)
}

/// The default corpus, written once per size. The worker gives it its name when it is complete.
fn generated_corpus(folder: &Path, size: Size) -> Result<Source> {
    let documents = size.corpus_documents();
    let path = folder.join(format!("generated-{documents}.jsonl.zst"));
    if !path.is_file() {
        println!("Writing {documents} generated documents …");
        process::run(
            Command::new(workspace::binary("mitbadak-worker"))
                .args(["corpus", "--documents", &documents.to_string(), "--seed", &CORPUS_SEED.to_string()])
                .arg("--out")
                .arg(&path),
        )?;
    }
    let mut source = sources::find(&path)?;
    source.label = "생성한 이야기와 문답".to_owned();
    source.licence_note =
        "Generated by Mitbadak from a grammar, a lexicon and plots of its own; MIT OR Apache-2.0.".to_owned();
    Ok(source)
}

/// The usual port, or a free one: a second demo or another program may have it.
fn default_address() -> SocketAddr {
    let usual = SocketAddr::from((Ipv4Addr::LOCALHOST, 8080));
    let free = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
    if TcpListener::bind(usual).is_ok() { usual } else { free }
}

fn cohort(client: &Client, me: &Me) -> Result<CohortId> {
    if let Some(membership) = me.memberships.iter().find(|membership| membership.cohort_name == COHORT) {
        return Ok(membership.cohort_id);
    }
    let cohort = client.call(&CreateCohort { name: COHORT.to_owned() })?;
    client.call(&SetMember { cohort_id: cohort.cohort_id, user_id: me.user_id, role: Role::Instructor })?;
    Ok(cohort.cohort_id)
}

/// The pipeline that this command began before, or a new one with its sources uploaded.
fn pipeline(
    options: &DemoOptions,
    client: &Client,
    cohort_id: CohortId,
    sources: &[Source],
    fit: &Fit,
    folder: &Path,
) -> Result<Pipeline> {
    let key = state::key(sources, &options.reading(), fit)?;
    let mut state = state::State::read(folder)?;
    if let Some(pipeline) = state.unfinished_or_done(&key, client)? {
        if !options.fresh {
            println!("Going on with pipeline {}.", pipeline.pipeline_id);
            return Ok(pipeline);
        }
        // Two at a time would only get in each other's way.
        for job in pipeline.jobs.iter().filter(|job| !job.state.has_ended()) {
            client.call(&CancelJob { job_id: job.job_id })?;
        }
    }
    let artifacts: Vec<SourceArtifact> =
        sources.iter().map(|source| upload(client, cohort_id, source)).collect::<Result<_>>()?;
    let labels: Vec<&str> = sources.iter().map(|source| source.label.as_str()).collect();
    let name = format!("밑바닥 연습 모델 · {}", labels.join(", ")).chars().take(60).collect::<String>();
    let export = ExportSpec {
        name: name.clone(),
        description: "Made by `cargo xtask demo`.".to_owned(),
        licence: String::new(),
        gguf: None,
    };
    let pipeline = client.call(&CreatePipeline {
        cohort_id,
        title: name,
        jobs: whole_path::pipeline(&artifacts, &options.reading(), &fit.tokenizer, &fit.pretrain, export),
        idempotency_key: state.next_idempotency_key(&key),
    })?;
    state.remember(&key, pipeline.pipeline_id, folder)?;
    Ok(pipeline)
}

fn upload(client: &Client, cohort_id: CohortId, source: &Source) -> Result<SourceArtifact> {
    let mut files = Vec::new();
    for file in &source.files {
        if signals::asked_to_stop() {
            bail!("stopped while uploading; nothing was trained yet");
        }
        let uploaded = client.upload(&file.path)?;
        files.push(UploadedFile { name: file.name.clone(), sha256: uploaded.sha256 });
    }
    let artifact = client.call(&CreateArtifact {
        cohort_id,
        label: source.label.clone(),
        purpose: Purpose::Training,
        files,
    })?;
    Ok(SourceArtifact {
        artifact_id: artifact.artifact_id,
        label: source.label.clone(),
        licence_note: source.licence_note.clone(),
    })
}

#[cfg(test)]
mod tests {
    use clap::{CommandFactory, Parser};

    use super::*;

    #[derive(Parser)]
    struct Demo {
        #[command(flatten)]
        options: DemoOptions,
    }

    #[test]
    fn a_depth_takes_the_place_of_a_preset() {
        let size = |words: &[&str]| {
            Demo::try_parse_from(["demo"].iter().chain(words)).map(|demo| demo.options.size())
        };
        assert_eq!(size(&[]).unwrap(), Size::Preset(Preset::Small));
        assert_eq!(size(&["--depth", "3"]).unwrap(), Size::Depth(3));
        assert!(size(&["--depth", "3", "--preset", "tiny"]).is_err());
        assert!(size(&["--depth", "0"]).is_err());
    }

    #[test]
    fn every_encoding_that_an_error_may_name_can_be_given() {
        let help = Demo::command().render_long_help().to_string();
        for encoding in Encoding::ALL {
            let name = encoding.to_string();
            let demo = Demo::try_parse_from(["demo", "--encoding", &name]).unwrap();
            assert_eq!(demo.options.reading().encoding, encoding);
            assert!(help.contains(&name), "--help does not tell of {name}");
        }
        let former = Demo::try_parse_from(["demo", "--encoding", "utf-16le"]).unwrap();
        assert_eq!(former.options.encoding, Encoding::Utf16Le);
        let error = Demo::try_parse_from(["demo", "--encoding", "latin1"]).err().unwrap().to_string();
        assert!(error.contains("euc-kr"), "{error}");
    }
}
