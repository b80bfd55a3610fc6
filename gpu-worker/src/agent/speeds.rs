//! How fast this machine trains, measured once: in a process of its own before the first claim, then
//! remembered in the agent's folder for as long as program, threads and processor are the same.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use shared::api::workers::Capabilities;
use shared::spec::{JobKind, TrainingSpeed};
use tokio::process::Command;
use tracing::{info, warn};

use super::{Options, Shutdown};
use crate::attempt::child;
use crate::capabilities;
use crate::commands::CODE_VERSION;

/// A probe that takes this much longer than it should is ended; the agent works without.
const PATIENCE: Duration = Duration::from_secs(60);

/// What the agent remembers, and of which machine.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Remembered {
    of: Machine,
    training_speeds: Vec<TrainingSpeed>,
}

/// Speeds of another program, another share of the machine or another machine are no longer true.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Machine {
    code_version: String,
    threads: usize,
    processor: String,
}

/// The remembered speeds, or new ones; none if the agent shall not measure, trains nothing, or is told to
/// leave meanwhile. No attempt runs while it measures: the agent has not claimed yet.
pub async fn of_this_machine(options: &Options, shutdown: &Shutdown) -> Vec<TrainingSpeed> {
    if options.probe.is_zero() || !options.kinds.contains(&JobKind::Pretrain) {
        return Vec::new();
    }
    let path = options.data.join("training-speeds.json");
    let machine = Machine {
        code_version: CODE_VERSION.to_owned(),
        threads: options.threads,
        processor: capabilities::processor(),
    };
    if let Some(remembered) = recall(&path, &machine) {
        return remembered;
    }
    info!("measuring how fast this machine trains, {:.1} s", options.probe.as_secs_f64());
    let limit = 2 * options.probe + PATIENCE;
    let measured = tokio::select! {
        measured = tokio::time::timeout(limit, measure(options)) => {
            measured.unwrap_or_else(|_| Err(io::Error::other("it takes too long")))
        }
        // The process is killed with what waits for it.
        () = shutdown.draining() => return Vec::new(),
    };
    let kept = measured.and_then(|training_speeds| {
        let remembered = Remembered { of: machine, training_speeds };
        fs::write(&path, serde_json::to_vec_pretty(&remembered)?)?;
        Ok(remembered.training_speeds)
    });
    kept.unwrap_or_else(|error| {
        warn!("the speed of trainings is not known: {error}; estimates then name no time");
        Vec::new()
    })
}

fn recall(path: &Path, machine: &Machine) -> Option<Vec<TrainingSpeed>> {
    // A file that is not there, or cannot be read, is written anew.
    let remembered: Remembered = serde_json::from_slice(&fs::read(path).ok()?).ok()?;
    (remembered.of == *machine).then_some(remembered.training_speeds)
}

/// Asks the worker's own program, in the environment that attempts have.
async fn measure(options: &Options) -> io::Result<Vec<TrainingSpeed>> {
    let program: PathBuf = child::own_program();
    let mut command = Command::new(program);
    command.arg0("mitbadak-worker").args(["capabilities", "--probe", "--threads"]);
    command.arg(options.threads.to_string());
    command.arg("--probe-seconds").arg(options.probe.as_secs_f64().to_string());
    child::set_environment(&mut command, options.threads);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
    let output = command.output().await?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr).trim().to_owned();
        return Err(io::Error::other(format!("{}: {said}", output.status)));
    }
    let capabilities: Capabilities = serde_json::from_slice(&output.stdout)?;
    Ok(capabilities.training_speeds)
}

#[cfg(test)]
mod tests {
    use shared::spec::Precision;

    use super::*;

    #[test]
    fn speeds_are_remembered_for_the_same_machine_only() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("training-speeds.json");
        let machine = Machine { code_version: "1".into(), threads: 2, processor: "Xeon".into() };
        assert_eq!(recall(&path, &machine), None);
        let speed = TrainingSpeed { hidden_size: 64, precision: Precision::F32, flops_per_second: 7 };
        let remembered = Remembered { of: machine.clone(), training_speeds: vec![speed] };
        fs::write(&path, serde_json::to_vec(&remembered).unwrap()).unwrap();
        assert_eq!(recall(&path, &machine), Some(vec![speed]));
        for other in [
            Machine { code_version: "2".into(), ..machine.clone() },
            Machine { threads: 1, ..machine.clone() },
            Machine { processor: "EPYC".into(), ..machine.clone() },
        ] {
            assert_eq!(recall(&path, &other), None);
        }
        fs::write(&path, "{ torn").unwrap();
        assert_eq!(recall(&path, &machine), None);
    }
}
