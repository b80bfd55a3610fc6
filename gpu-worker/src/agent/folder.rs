//! An attempt's folder, see the drawing in the module above.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use shared::api::leases::Lease;
use tracing::warn;

use crate::jobs::checkpoints::{CHECKPOINTS_FOLDER, folder_name};

#[derive(Debug, Clone)]
pub struct AttemptFolder {
    root: PathBuf,
}

impl AttemptFolder {
    /// The folder for a new attempt, with its lease and spec in it.
    pub fn create(data: &Path, lease: &Lease) -> io::Result<Self> {
        let root = attempts(data).join(format!("{}-{}", lease.job_id, lease.attempt));
        if root.exists() {
            fs::remove_dir_all(&root)?;
        }
        fs::create_dir_all(root.join("out").join(CHECKPOINTS_FOLDER))?;
        fs::create_dir(root.join("inputs"))?;
        fs::create_dir(root.join("uploads"))?;
        let folder = Self { root };
        let mut file =
            OpenOptions::new().write(true).create_new(true).mode(0o600).open(folder.lease_file())?;
        file.write_all(&serde_json::to_vec_pretty(lease)?)?;
        fs::write(folder.spec_file(), serde_json::to_vec_pretty(&lease.spec)?)?;
        Ok(folder)
    }

    /// What former agents left in a data folder.
    pub fn leftovers(data: &Path) -> io::Result<Vec<Self>> {
        let entries = match fs::read_dir(attempts(data)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            entries => entries?,
        };
        entries.map(|entry| Ok(Self { root: entry?.path() })).collect()
    }

    pub fn read_lease(&self) -> io::Result<Lease> {
        Ok(serde_json::from_slice(&fs::read(self.lease_file())?)?)
    }

    pub fn root(&self) -> &Path {
        &self.root
    }

    fn lease_file(&self) -> PathBuf {
        self.root.join("lease.json")
    }

    pub fn spec_file(&self) -> PathBuf {
        self.root.join("spec.json")
    }

    pub fn outbox_file(&self) -> PathBuf {
        self.root.join("outbox.jsonl")
    }

    pub fn output(&self) -> PathBuf {
        self.root.join("out")
    }

    pub fn input(&self, name: &str) -> PathBuf {
        self.root.join("inputs").join(name)
    }

    pub fn checkpoint(&self, step: u64) -> PathBuf {
        self.output().join(CHECKPOINTS_FOLDER).join(folder_name(step))
    }

    /// Where a checkpoint waits for its upload, out of the reach of the process that made it.
    pub fn upload(&self, step: u64) -> PathBuf {
        self.root.join("uploads").join(folder_name(step))
    }

    /// Removes everything. A process that was killed a moment ago may still be writing.
    pub async fn remove(&self) {
        for _ in 0..5 {
            match fs::remove_dir_all(&self.root) {
                Ok(()) => return,
                Err(error) if error.kind() == io::ErrorKind::NotFound => return,
                Err(_) => tokio::time::sleep(Duration::from_millis(200)).await,
            }
        }
        warn!("{} cannot be removed; the next start tries again", self.root.display());
    }
}

fn attempts(data: &Path) -> PathBuf {
    data.join("attempts")
}

/// Every file below a folder as `(path below it with slashes, path)`, sorted.
pub fn files_below(folder: &Path) -> io::Result<Vec<(String, PathBuf)>> {
    let mut files = Vec::new();
    collect(folder, "", &mut files)?;
    files.sort();
    Ok(files)
}

fn collect(folder: &Path, prefix: &str, files: &mut Vec<(String, PathBuf)>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name().into_string().map_err(|name| {
            io::Error::other(format!("{} is no file name that can be sent", name.to_string_lossy()))
        })?;
        let name = if prefix.is_empty() { name } else { format!("{prefix}/{name}") };
        if entry.file_type()?.is_dir() {
            collect(&entry.path(), &name, files)?;
        } else {
            files.push((name, entry.path()));
        }
    }
    Ok(())
}

/// Gives a file a second name; copies it where the file system cannot do that.
pub fn link_or_copy(from: &Path, to: &Path) -> io::Result<()> {
    if let Some(parent) = to.parent() {
        fs::create_dir_all(parent)?;
    }
    match fs::hard_link(from, to) {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Err(error),
        Err(_) => fs::copy(from, to).map(|_| ()),
    }
}
