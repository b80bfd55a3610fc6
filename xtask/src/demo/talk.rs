//! The exported model on this machine, and prompts typed at the terminal.

use std::fs;
use std::io::{self, IsTerminal};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use shared::api::artifacts::GetArtifact;

use super::client::Client;
use super::report::DemoReport;
use crate::platform::Platform;
use crate::{signals, workspace};

/// Downloads the exported folder to `demo/model`.
pub fn fetch_model(client: &Client, report: &DemoReport, folder: &Path) -> Result<PathBuf> {
    let artifact = client.call(&GetArtifact { artifact_id: report.model_artifact_id()? })?;
    let partial = folder.join("model.partial");
    remove_folder(&partial)?;
    for file in &artifact.files {
        client.download(artifact.artifact_id, &file.name, &partial.join(file.name.as_str()))?;
    }
    let model = folder.join("model");
    remove_folder(&model)?;
    fs::rename(&partial, &model).with_context(|| format!("cannot create {}", model.display()))?;
    println!("The model is in {}, a Hugging Face folder.", model.display());
    Ok(model)
}

/// Reads prompts until standard input ends. At a terminal that ends the demo; otherwise the
/// platform stays up until it is told to stop.
pub fn continue_prompts(platform: &mut Platform, model: &Path) -> Result<()> {
    let mut command = Command::new(workspace::binary("mitbadak-worker"));
    command.arg("generate").arg("--model").arg(model);
    println!(
        "\nType the beginning of a text; the model continues it. An empty line, Ctrl-D or Ctrl-C ends the demo."
    );
    let status = command.status().context("mitbadak-worker cannot be started")?;
    if signals::asked_to_stop() {
        return Ok(());
    }
    if !status.success() {
        eprintln!("mitbadak-worker generate ended with {status}");
    }
    if io::stdin().is_terminal() {
        return Ok(());
    }
    println!("The platform keeps running at {} until Ctrl-C.", platform.url());
    platform.wait_for_stop()
}

fn remove_folder(folder: &Path) -> Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(error).with_context(|| format!("cannot remove {}", folder.display()))
        }
        _ => Ok(()),
    }
}
