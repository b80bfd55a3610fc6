//! Content-addressed bytes and the rows that say who may have them.
//!
//! Invariants:
//! - An object's key is the SHA-256 of its bytes; nothing that a user sends is ever a path.
//! - Knowing a hash grants nothing. `blob_grants` says who uploaded bytes, `artifact_files` and
//!   `checkpoint_files` what they became; every download starts from one of those rows.
//! - Bytes are removed only when no row refers to them and the grace period has passed. A row is
//!   marked `deleting_since` first and removed last, an upload of the same bytes waits meanwhile.

pub mod artifacts;
pub mod checkpoints;
pub mod collect;
pub mod download;
pub mod publications;
pub mod rows;
pub mod shares;
pub mod upload;

use std::path::{Path as FolderPath, PathBuf};
use std::sync::Arc;

use object_store::ObjectStore;
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use shared::artifacts::Sha256;

/// The object store. Another kind of store needs only another `open`.
#[derive(Clone)]
pub struct Storage {
    pub store: Arc<dyn ObjectStore>,
    /// Where unfinished uploads lie.
    uploads_folder: PathBuf,
}

impl Storage {
    pub fn open(folder: &FolderPath) -> anyhow::Result<Self> {
        std::fs::create_dir_all(folder)?;
        let store = LocalFileSystem::new_with_prefix(folder)?.with_fsync(true);
        Ok(Self { store: Arc::new(store), uploads_folder: folder.join("uploads") })
    }
}

/// Where bytes of this hash lie: `blobs/ab/cd/abcd…`.
pub fn key(sha256: &Sha256) -> Path {
    let text = sha256.as_str();
    Path::from_iter(["blobs", &text[0..2], &text[2..4], text])
}

/// Where an unfinished upload lies; the name is random.
fn upload_key(name: &str) -> Path {
    Path::from_iter(["uploads", name])
}
