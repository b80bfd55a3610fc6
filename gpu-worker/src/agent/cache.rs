//! Input files by their hash, so that ten jobs on one corpus fetch it once.

use std::fs::{self, File};
use std::io;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use shared::artifacts::ArtifactFile;

use crate::shards;

const PARTIAL_SUFFIX: &str = ".partial";

#[derive(Debug, Clone)]
pub struct Cache {
    folder: PathBuf,
    limit_bytes: u64,
}

impl Cache {
    pub fn open(folder: &Path, limit_bytes: u64) -> io::Result<Self> {
        fs::create_dir_all(folder)?;
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            if path.to_string_lossy().ends_with(PARTIAL_SUFFIX) {
                fs::remove_file(&path)?;
            }
        }
        Ok(Self { folder: folder.to_owned(), limit_bytes })
    }

    /// The file, if it is here. Its bytes are hashed again: a disk that lies or a job that wrote to
    /// its input costs a download, not a wrong model.
    pub fn get(&self, file: &ArtifactFile) -> io::Result<Option<PathBuf>> {
        let path = self.path(file);
        let opened = match File::open(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            opened => opened?,
        };
        let (sha256, _) = shards::hash(&opened)?;
        if sha256 != file.sha256 {
            fs::remove_file(&path)?;
            return Ok(None);
        }
        opened.set_modified(SystemTime::now())?;
        Ok(Some(path))
    }

    /// Where to download a file to before [`Cache::keep`].
    pub fn partial(&self, file: &ArtifactFile) -> PathBuf {
        self.folder.join(format!("{}{PARTIAL_SUFFIX}", file.sha256))
    }

    /// Takes in a downloaded and compared file.
    pub fn keep(&self, file: &ArtifactFile) -> io::Result<PathBuf> {
        let (partial, path) = (self.partial(file), self.path(file));
        fs::set_permissions(&partial, fs::Permissions::from_mode(0o444))?;
        fs::rename(partial, &path)?;
        Ok(path)
    }

    /// Removes the files that were not used for longest until `bytes` more fit. Files that an
    /// attempt holds by a second name free no space and stay.
    pub fn make_room(&self, bytes: u64) -> io::Result<()> {
        let mut files = Vec::new();
        let mut used = bytes;
        for entry in fs::read_dir(&self.folder)? {
            let entry = entry?;
            let about = entry.metadata()?;
            used += about.len();
            if about.nlink() == 1 {
                files.push((about.modified()?, about.len(), entry.path()));
            }
        }
        files.sort();
        for (_, size_bytes, path) in files {
            if used <= self.limit_bytes {
                break;
            }
            fs::remove_file(path)?;
            used -= size_bytes;
        }
        Ok(())
    }

    fn path(&self, file: &ArtifactFile) -> PathBuf {
        self.folder.join(file.sha256.as_str())
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use shared::artifacts::FileName;

    use super::*;

    fn file(text: &str) -> ArtifactFile {
        let (sha256, size_bytes) = shards::hash(text.as_bytes()).unwrap();
        ArtifactFile { name: FileName::try_from("text".to_owned()).unwrap(), sha256, size_bytes }
    }

    fn keep(cache: &Cache, text: &str) -> PathBuf {
        fs::write(cache.partial(&file(text)), text).unwrap();
        cache.keep(&file(text)).unwrap()
    }

    #[test]
    fn a_file_whose_bytes_changed_is_not_given_out() {
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache::open(folder.path(), 1 << 20).unwrap();
        let path = keep(&cache, "가나다");
        assert_eq!(cache.get(&file("가나다")).unwrap().as_ref(), Some(&path));
        fs::remove_file(&path).unwrap();
        fs::write(&path, "가나마").unwrap();
        assert_eq!(cache.get(&file("가나다")).unwrap(), None);
        assert!(!path.exists());
    }

    #[test]
    fn the_file_unused_for_longest_goes_first_and_files_in_use_stay() {
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache::open(&folder.path().join("cache"), 100).unwrap();
        let texts = ["a".repeat(40), "b".repeat(40), "c".repeat(15)];
        let paths: Vec<PathBuf> = texts.iter().map(|text| keep(&cache, text)).collect();
        for (age, path) in [(3_000, &paths[0]), (2_000, &paths[1]), (1_000, &paths[2])] {
            let then = SystemTime::now() - Duration::from_secs(age);
            File::open(path).unwrap().set_modified(then).unwrap();
        }
        fs::hard_link(&paths[0], folder.path().join("held")).unwrap();
        cache.make_room(10).unwrap();
        let kept: Vec<bool> = paths.iter().map(|path| path.exists()).collect();
        assert_eq!(kept, [true, false, true]);
    }
}
