//! Checkpoints on disk: `<output>/checkpoints/step-<N>/`, the newest two.
//!
//! Architecture invariant: a checkpoint that exists under its final name is complete. It is written
//! as `step-<N>.partial`, every byte of it is forced to the disk, and only then it gets its name.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use super::{Announcement, Checkpoint, JobContext, JobError};

/// The folder of all checkpoints below a job's output folder.
pub const CHECKPOINTS_FOLDER: &str = "checkpoints";

const KEPT: usize = 2;
const PARTIAL_SUFFIX: &str = ".partial";

impl JobContext {
    /// Saves a checkpoint: `write` fills the folder that it is given. When anything fails, what was
    /// written is removed and the last complete checkpoint stays as it is. A step that is saved
    /// already is not written again.
    pub fn save_checkpoint(
        &self,
        step: u64,
        write: impl FnOnce(&Path) -> Result<(), JobError>,
    ) -> Result<Checkpoint, JobError> {
        let root = self.checkpoints_folder();
        let checkpoint = Checkpoint { step, folder: root.join(folder_name(step)) };
        if checkpoint.folder.exists() {
            return Ok(checkpoint);
        }
        let partial = root.join(format!("{}{PARTIAL_SUFFIX}", folder_name(step)));
        let saved = write_durably(&root, &partial, &checkpoint.folder, write);
        if let Err(error) = saved {
            // The reason is in `error`; what cannot be removed now is removed at the next start.
            let _ = fs::remove_dir_all(&partial);
            return Err(self.explain(step, error));
        }
        (self.announce)(Announcement::Checkpoint(checkpoint.clone()))?;
        self.remove_old_checkpoints()?;
        Ok(checkpoint)
    }

    /// The newest complete checkpoint, if there is one.
    pub fn latest_checkpoint(&self) -> Result<Option<Checkpoint>, JobError> {
        Ok(complete_checkpoints(&self.checkpoints_folder())?.pop())
    }

    /// Removes what an interrupted save left behind; called before a job begins.
    pub fn remove_partial_checkpoints(&self) -> Result<(), JobError> {
        let root = self.checkpoints_folder();
        for name in folder_names(&root)? {
            if name.ends_with(PARTIAL_SUFFIX) {
                let partial = root.join(name);
                fs::remove_dir_all(&partial).map_err(JobError::io(partial.display()))?;
            }
        }
        Ok(())
    }

    fn checkpoints_folder(&self) -> PathBuf {
        self.output.join(CHECKPOINTS_FOLDER)
    }

    fn remove_old_checkpoints(&self) -> Result<(), JobError> {
        let mut checkpoints = complete_checkpoints(&self.checkpoints_folder())?;
        checkpoints.truncate(checkpoints.len().saturating_sub(KEPT));
        for old in checkpoints {
            // It loses its name before its files, or a crash here would leave half a checkpoint.
            let doomed = old.folder.with_extension("partial");
            fs::rename(&old.folder, &doomed).map_err(JobError::io(old.folder.display()))?;
            fs::remove_dir_all(&doomed).map_err(JobError::io(doomed.display()))?;
        }
        Ok(())
    }

    fn explain(&self, step: u64, error: JobError) -> JobError {
        let message = match error {
            JobError::Transient(message) => message,
            other => return other,
        };
        let kept = match self.latest_checkpoint() {
            Ok(Some(last)) => format!("the checkpoint of step {} is kept", last.step),
            _ => "there is no earlier checkpoint".to_owned(),
        };
        let space = match rustix::fs::statvfs(&self.output) {
            Ok(space) => format!("{} MiB are free there", (space.f_bavail * space.f_frsize) >> 20),
            Err(error) => format!("its free space is unknown ({error})"),
        };
        JobError::Transient(format!(
            "the checkpoint of step {step} could not be saved: {message}. {space}; {kept}. \
             Make room on that disk and start the job again"
        ))
    }
}

/// The complete checkpoints in a folder, oldest first.
pub fn complete_checkpoints(root: &Path) -> Result<Vec<Checkpoint>, JobError> {
    let mut checkpoints: Vec<Checkpoint> = folder_names(root)?
        .into_iter()
        .filter_map(|name| {
            let step = name.strip_prefix("step-")?.parse().ok()?;
            Some(Checkpoint { step, folder: root.join(name) })
        })
        .collect();
    checkpoints.sort_by_key(|checkpoint| checkpoint.step);
    Ok(checkpoints)
}

/// The name of a complete checkpoint's folder.
pub fn folder_name(step: u64) -> String {
    format!("step-{step}")
}

fn folder_names(root: &Path) -> Result<Vec<String>, JobError> {
    let entries = match fs::read_dir(root) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(JobError::io(root.display())(error)),
    };
    let mut names = Vec::new();
    for entry in entries {
        let entry = entry.map_err(JobError::io(root.display()))?;
        names.extend(entry.file_name().into_string().ok());
    }
    Ok(names)
}

fn write_durably(
    root: &Path,
    partial: &Path,
    complete: &Path,
    write: impl FnOnce(&Path) -> Result<(), JobError>,
) -> Result<(), JobError> {
    if partial.exists() {
        fs::remove_dir_all(partial).map_err(JobError::io(partial.display()))?;
    }
    fs::create_dir_all(partial).map_err(JobError::io(partial.display()))?;
    write(partial)?;
    sync_folder(partial)?;
    fs::rename(partial, complete).map_err(JobError::io(complete.display()))?;
    sync(root)
}

/// Forces every file below `folder`, and the folders' own entries, to the disk.
pub fn sync_folder(folder: &Path) -> Result<(), JobError> {
    for entry in fs::read_dir(folder).map_err(JobError::io(folder.display()))? {
        let entry = entry.map_err(JobError::io(folder.display()))?;
        let path = entry.path();
        if entry.file_type().map_err(JobError::io(path.display()))?.is_dir() {
            sync_folder(&path)?;
        } else {
            sync(&path)?;
        }
    }
    sync(folder)
}

fn sync(path: &Path) -> Result<(), JobError> {
    File::open(path).and_then(|file| file.sync_all()).map_err(JobError::io(path.display()))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::io::Write;
    use std::sync::{Arc, Mutex};

    use super::*;
    use crate::jobs::StopFlag;

    struct Job {
        context: JobContext,
        announced: Arc<Mutex<Vec<u64>>>,
        _folder: tempfile::TempDir,
    }

    fn job() -> Job {
        let folder = tempfile::tempdir().unwrap();
        let announced = Arc::new(Mutex::new(Vec::new()));
        let steps = announced.clone();
        let context = JobContext {
            inputs: BTreeMap::new(),
            output: folder.path().to_owned(),
            announce: Box::new(move |announcement| {
                if let Announcement::Checkpoint(checkpoint) = announcement {
                    assert!(checkpoint.folder.join("weights").exists(), "announced before it was complete");
                    steps.lock().unwrap().push(checkpoint.step);
                }
                Ok(())
            }),
            stop: StopFlag::default(),
            threads: 1,
            origin: None,
        };
        Job { context, announced, _folder: folder }
    }

    fn weights(text: &str) -> impl FnOnce(&Path) -> Result<(), JobError> {
        move |folder| fs::write(folder.join("weights"), text).map_err(JobError::io("weights"))
    }

    #[test]
    fn the_newest_two_are_kept_and_each_is_announced_once() {
        let job = job();
        assert_eq!(job.context.latest_checkpoint().unwrap(), None);
        // As numbers, not as text: step-100 is newer than step-20.
        for step in [3, 20, 100] {
            job.context.save_checkpoint(step, weights("w")).unwrap();
        }
        job.context.save_checkpoint(100, |_| panic!("it is saved already")).unwrap();
        let kept = complete_checkpoints(&job.context.checkpoints_folder()).unwrap();
        assert_eq!(kept.iter().map(|checkpoint| checkpoint.step).collect::<Vec<_>>(), [20, 100]);
        assert_eq!(job.context.latest_checkpoint().unwrap().unwrap().step, 100);
        assert_eq!(*job.announced.lock().unwrap(), [3, 20, 100]);
    }

    /// A full disk in the middle of a file, as `/dev/full` makes it.
    #[test]
    fn a_full_disk_leaves_the_last_checkpoint_whole_and_says_what_happened() {
        let job = job();
        job.context.save_checkpoint(10, weights("whole")).unwrap();
        let error = job
            .context
            .save_checkpoint(20, |folder| {
                weights("half")(folder)?;
                let path = folder.join("moments");
                std::os::unix::fs::symlink("/dev/full", &path).map_err(JobError::io(path.display()))?;
                let mut file =
                    fs::OpenOptions::new().write(true).open(&path).map_err(JobError::io(path.display()))?;
                file.write_all(b"x").map_err(JobError::io(path.display()))
            })
            .unwrap_err();
        let message = error.to_string();
        for part in ["step 20", "moments", "No space left on device", "MiB are free", "step 10 is kept"] {
            assert!(message.contains(part), "{part:?} is not in {message:?}");
        }
        let last = job.context.latest_checkpoint().unwrap().unwrap();
        assert_eq!(fs::read_to_string(last.folder.join("weights")).unwrap(), "whole");
        assert_eq!(folder_names(&job.context.checkpoints_folder()).unwrap(), ["step-10"]);
        assert_eq!(*job.announced.lock().unwrap(), [10]);
    }

    #[test]
    fn what_a_killed_process_left_is_never_considered_and_removed_at_the_next_start() {
        let job = job();
        job.context.save_checkpoint(10, weights("whole")).unwrap();
        let partial = job.context.checkpoints_folder().join("step-20.partial");
        fs::create_dir(&partial).unwrap();
        fs::write(partial.join("weights"), "half").unwrap();
        assert_eq!(job.context.latest_checkpoint().unwrap().unwrap().step, 10);
        job.context.remove_partial_checkpoints().unwrap();
        assert!(!partial.exists());
        fs::create_dir(&partial).unwrap();
        fs::write(partial.join("stray"), "half").unwrap();
        let saved = job.context.save_checkpoint(20, weights("new")).unwrap();
        assert!(!saved.folder.join("stray").exists());
    }

    #[test]
    fn a_stop_in_the_middle_of_a_save_stays_a_stop() {
        let job = job();
        let stopped = JobError::Stopped(crate::jobs::StopReason::Cancel);
        let error = job.context.save_checkpoint(10, |_| Err(stopped)).unwrap_err();
        assert!(matches!(error, JobError::Stopped(_)), "{error}");
        assert_eq!(job.context.latest_checkpoint().unwrap(), None);
    }
}
