//! The page's private files (OPFS), by SHA-256: `<sha256>` is complete and was right when it was
//! stored, `<sha256>.partial` is on its way.

use js_sys::Object;
use shared::artifacts::Sha256;
use shared::engine::EngineError;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    DomException, FileSystemDirectoryHandle, FileSystemFileHandle, FileSystemGetDirectoryOptions,
    FileSystemGetFileOptions, FileSystemReadWriteOptions, FileSystemSyncAccessHandle, StorageEstimate,
    StorageManager,
};

use crate::clock;

const FOLDER: &str = "models";

#[wasm_bindgen]
extern "C" {
    /// What web-sys keeps behind a compiler flag.
    #[wasm_bindgen(extends = FileSystemFileHandle)]
    type Handle;

    #[wasm_bindgen(method, catch, js_name = createSyncAccessHandle)]
    async fn open(this: &Handle, options: &Object) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(method, catch, js_name = "move")]
    async fn rename(this: &Handle, name: &str) -> Result<JsValue, JsValue>;
}

/// The folder of the models.
#[derive(Debug, Clone)]
pub struct Storage {
    folder: FileSystemDirectoryHandle,
}

/// An open file. Closed when dropped.
#[derive(Debug)]
pub struct OpenFile {
    access: FileSystemSyncAccessHandle,
    pub size_bytes: u64,
}

/// How another reads or writes the same file meanwhile.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Together with other readers, where the browser can.
    Read,
    /// Alone.
    Write,
}

impl Storage {
    pub async fn open() -> Result<Self, EngineError> {
        let root = JsFuture::from(manager()?.get_directory()).await.map_err(no_storage)?;
        let root: FileSystemDirectoryHandle = root.unchecked_into();
        let create = FileSystemGetDirectoryOptions::new();
        create.set_create(true);
        let folder = JsFuture::from(root.get_directory_handle_with_options(FOLDER, &create));
        Ok(Self { folder: folder.await.map_err(no_storage)?.unchecked_into() })
    }

    /// Opens a file; `None` when it is not there, or when another tab has it for itself.
    pub async fn find(&self, name: &str, mode: Mode) -> Result<Option<OpenFile>, EngineError> {
        match self.handle(name, false).await? {
            Some(handle) => open(&handle, mode).await,
            None => Ok(None),
        }
    }

    /// Opens a file to write to, made if it is not there; `None` when another tab has it for itself.
    pub async fn create(&self, name: &str) -> Result<Option<OpenFile>, EngineError> {
        match self.handle(name, true).await? {
            Some(handle) => open(&handle, Mode::Write).await,
            None => Ok(None),
        }
    }

    /// How long a file is, whoever has it open; `None` when it is not there.
    pub async fn size_bytes(&self, name: &str) -> Result<Option<u64>, EngineError> {
        let Some(handle) = self.handle(name, false).await? else { return Ok(None) };
        let file = JsFuture::from(handle.get_file()).await;
        Ok(file.ok().map(|file| file.unchecked_into::<web_sys::File>().size() as u64))
    }

    /// Gives a closed file another name.
    pub async fn rename(&self, from: &str, to: &str) -> Result<(), EngineError> {
        let Some(handle) = self.handle(from, false).await? else { return Ok(()) };
        handle.rename(to).await.map_err(no_storage)?;
        Ok(())
    }

    /// A file that is gone already is no error.
    pub async fn delete(&self, name: &str) -> Result<(), EngineError> {
        match JsFuture::from(self.folder.remove_entry(name)).await {
            Err(error) if !is(&error, "NotFoundError") => Err(no_storage(error)),
            _ => Ok(()),
        }
    }

    /// # Errors
    /// [`EngineError::StorageFull`] when the browser says that so much more does not fit.
    pub async fn check_room(&self, needed_bytes: u64) -> Result<(), EngineError> {
        let available = available_bytes().await;
        match available {
            Some(bytes) if bytes < needed_bytes => {
                Err(EngineError::StorageFull { needed_bytes, available_bytes: available })
            }
            _ => Ok(()),
        }
    }

    async fn handle(&self, name: &str, create: bool) -> Result<Option<Handle>, EngineError> {
        let options = FileSystemGetFileOptions::new();
        options.set_create(create);
        match JsFuture::from(self.folder.get_file_handle_with_options(name, &options)).await {
            Ok(handle) => Ok(Some(handle.unchecked_into())),
            Err(error) if is(&error, "NotFoundError") => Ok(None),
            Err(error) => Err(no_storage(error)),
        }
    }
}

/// The name of a complete file.
pub fn complete(sha256: &Sha256) -> String {
    sha256.as_str().to_owned()
}

pub fn partial(sha256: &Sha256) -> String {
    format!("{sha256}.partial")
}

async fn open(handle: &Handle, mode: Mode) -> Result<Option<OpenFile>, EngineError> {
    let options = Object::new();
    if mode == Mode::Read {
        // Browsers that do not know it open the file for themselves alone.
        js_sys::Reflect::set(&options, &"mode".into(), &"read-only".into()).ok();
    }
    let access: FileSystemSyncAccessHandle = match handle.open(&options).await {
        Ok(access) => access.unchecked_into(),
        Err(error) if is(&error, "NoModificationAllowedError") || is(&error, "InvalidStateError") => {
            return Ok(None);
        }
        Err(error) => return Err(no_storage(error)),
    };
    let size_bytes = access.get_size().map_err(no_storage)? as u64;
    Ok(Some(OpenFile { access, size_bytes }))
}

impl OpenFile {
    /// Fills `buffer` from `at` on.
    pub fn read_at(&self, at: u64, buffer: &mut [u8]) -> Result<(), EngineError> {
        let mut filled = 0;
        while filled < buffer.len() {
            let options = position(at + filled as u64);
            let read = self.access.read_with_u8_array_and_options(&mut buffer[filled..], &options);
            match read.map_err(no_storage)? as usize {
                0 => return Err(EngineError::NoStorage { problem: "a stored file was cut off".to_owned() }),
                count => filled += count,
            }
        }
        Ok(())
    }

    /// Adds `bytes` at the end.
    pub async fn append(&mut self, bytes: &[u8]) -> Result<(), EngineError> {
        let mut written = 0;
        while written < bytes.len() {
            let options = position(self.size_bytes);
            let rest = &bytes[written..];
            match self.access.write_with_u8_array_and_options(rest, &options) {
                Ok(count) if count > 0.0 => {
                    written += count as usize;
                    self.size_bytes += count as u64;
                }
                Err(error) if !is(&error, "QuotaExceededError") => return Err(no_storage(error)),
                // Chromium writes nothing where there is no room.
                _ => {
                    let needed_bytes = rest.len() as u64;
                    // A browser may refuse what its own estimate allows.
                    let available_bytes = available_bytes().await.filter(|bytes| *bytes < needed_bytes);
                    return Err(EngineError::StorageFull { needed_bytes, available_bytes });
                }
            }
        }
        Ok(())
    }

    pub fn clear(&mut self) -> Result<(), EngineError> {
        self.access.truncate_with_u32(0).map_err(no_storage)?;
        self.size_bytes = 0;
        Ok(())
    }

    pub fn flush(&self) -> Result<(), EngineError> {
        self.access.flush().map_err(no_storage)
    }
}

impl Drop for OpenFile {
    fn drop(&mut self) {
        self.access.close();
    }
}

fn position(at: u64) -> FileSystemReadWriteOptions {
    let options = FileSystemReadWriteOptions::new();
    options.set_at(at as f64);
    options
}

/// Absent where the origin is not secure: then the property is undefined.
fn manager() -> Result<StorageManager, EngineError> {
    let storage: JsValue = clock::scope().navigator().storage().into();
    if storage.is_undefined() {
        let problem = "the page's address is neither https nor localhost".to_owned();
        return Err(EngineError::NoStorage { problem });
    }
    Ok(storage.unchecked_into())
}

async fn available_bytes() -> Option<u64> {
    let estimate = JsFuture::from(manager().ok()?.estimate().ok()?).await.ok()?;
    let estimate: StorageEstimate = estimate.unchecked_into();
    Some((estimate.get_quota()? - estimate.get_usage()?).max(0.0) as u64)
}

fn is(error: &JsValue, name: &str) -> bool {
    error.dyn_ref::<DomException>().is_some_and(|error| error.name() == name)
}

fn no_storage(error: JsValue) -> EngineError {
    EngineError::NoStorage { problem: words(&error) }
}

/// What a thrown value says.
pub fn words(error: &JsValue) -> String {
    match error.dyn_ref::<js_sys::Error>() {
        Some(error) => String::from(error.message()),
        None => format!("{error:?}"),
    }
}
