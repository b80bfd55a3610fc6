//! A file from the server into storage. Whatever came stays there: after a broken connection, a
//! closed tab or Stop it goes on from the last byte.

use js_sys::Uint8Array;
use sha2::Digest;
use shared::artifacts::ArtifactFile;
use shared::engine::{EngineError, Event, LoadStage};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, Headers, ReadableStreamDefaultReader, RequestCache, RequestInit, Response};

use crate::clock;
use crate::files::{Hash, Progress, hash_of, sha256};
use crate::http::{Answer, meaning};
use crate::storage::{self, OpenFile, Storage, words};
use crate::task::Task;

/// In a row, without a single byte.
const ATTEMPTS: u32 = 4;
const SILENCE_LIMIT_SECONDS: f64 = 20.0;
/// How often another tab that fetches the same file is looked at.
const OTHER_TAB_SECONDS: f64 = 0.5;

/// Why an answer was not the end.
enum Trouble {
    /// It may go better another time; the error is for when there is none.
    Passing {
        problem: String,
        error: EngineError,
    },
    Final(EngineError),
}

impl From<EngineError> for Trouble {
    fn from(error: EngineError) -> Self {
        Self::Final(error)
    }
}

/// Fetches what is missing and checks the whole. Returns the bytes that came from the server.
pub async fn fetch(
    task: &Task<'_>,
    storage: &Storage,
    file: &ArtifactFile,
    url: &str,
    progress: &mut Progress,
) -> Result<u64, EngineError> {
    let mut fetched_bytes = 0;
    loop {
        let Some(mut part) = open_part(task, storage, file, progress).await? else {
            return Ok(fetched_bytes);
        };
        if part.size_bytes > file.size_bytes {
            part.clear()?;
        }
        let found_bytes = part.size_bytes;
        storage.check_room(file.size_bytes - found_bytes).await?;
        let mut hash = hash_of(task, file, &part, progress).await?;
        fill(task, file, url, &mut part, &mut hash, progress).await?;
        fetched_bytes += part.size_bytes - found_bytes.min(part.size_bytes);
        let found = sha256(hash)?;
        if found == file.sha256 {
            part.flush()?;
            drop(part);
            let (from, to) = (storage::partial(&file.sha256), storage::complete(&file.sha256));
            storage.rename(&from, &to).await?;
            return Ok(fetched_bytes);
        }
        drop(part);
        storage.delete(&storage::partial(&file.sha256)).await?;
        // A part from another time may have been the wrong one; a whole file is the server's.
        if found_bytes == 0 {
            return Err(EngineError::WrongBytes {
                file: file.name.clone(),
                expected: file.sha256.clone(),
                found,
            });
        }
    }
}

/// The part that is here; `None` when another tab has fetched the file meanwhile.
async fn open_part(
    task: &Task<'_>,
    storage: &Storage,
    file: &ArtifactFile,
    progress: &mut Progress,
) -> Result<Option<OpenFile>, EngineError> {
    loop {
        if storage.size_bytes(&storage::complete(&file.sha256)).await?.is_some() {
            return Ok(None);
        }
        let name = storage::partial(&file.sha256);
        if let Some(part) = storage.create(&name).await? {
            return Ok(Some(part));
        }
        let done_bytes = storage.size_bytes(&name).await?.unwrap_or(0);
        progress.report(task, LoadStage::Fetching, file, done_bytes);
        task.stop.or(clock::sleep(OTHER_TAB_SECONDS)).await?;
    }
}

/// Asks until the part is the whole or nothing comes any more.
async fn fill(
    task: &Task<'_>,
    file: &ArtifactFile,
    url: &str,
    part: &mut OpenFile,
    hash: &mut Hash,
    progress: &mut Progress,
) -> Result<(), EngineError> {
    let mut attempt = 1;
    while part.size_bytes < file.size_bytes {
        let before = part.size_bytes;
        match answer(task, file, url, part, hash, progress).await {
            Ok(()) => return Ok(()),
            Err(Trouble::Final(error)) => return Err(error),
            Err(Trouble::Passing { problem, error }) => {
                attempt = if part.size_bytes > before { 2 } else { attempt + 1 };
                if attempt > ATTEMPTS {
                    return Err(error);
                }
                let wait_seconds = 1 << (attempt - 2);
                task.report(Event::Retrying {
                    file: file.name.clone(),
                    attempt,
                    attempts: ATTEMPTS,
                    wait_seconds,
                    problem,
                });
                task.stop.or(clock::sleep(f64::from(wait_seconds))).await?;
            }
        }
    }
    Ok(())
}

/// One request, from the end of the part on.
async fn answer(
    task: &Task<'_>,
    file: &ArtifactFile,
    url: &str,
    part: &mut OpenFile,
    hash: &mut Hash,
    progress: &mut Progress,
) -> Result<(), Trouble> {
    let passing = |problem: String| Trouble::Passing {
        error: EngineError::Network { file: file.name.clone(), problem: problem.clone() },
        problem,
    };
    let connection = Connection::new();
    let asked = connection.ask(url, part.size_bytes).map_err(|error| passing(words(&error)))?;
    let response: Response = wait(task, asked).await?.map_err(passing)?.unchecked_into();
    let content_range = response.headers().get("content-range").ok().flatten();
    match meaning(&file.name, response.status(), content_range.as_deref(), part.size_bytes) {
        Answer::GoesOn => {}
        Answer::FromStart => begin_anew(part, hash)?,
        Answer::AskAnew => {
            begin_anew(part, hash)?;
            return Err(passing("the server has another file by this name".to_owned()));
        }
        Answer::Later(status) => {
            return Err(Trouble::Passing {
                problem: format!("the server answered {status}"),
                error: EngineError::Server { file: file.name.clone(), status },
            });
        }
        Answer::Fails(error) => return Err(error.into()),
    }
    let Some(body) = response.body() else { return Err(passing("the answer was empty".to_owned())) };
    let reader: ReadableStreamDefaultReader = body.get_reader().unchecked_into();
    loop {
        let piece = wait(task, reader.read()).await?.map_err(passing)?;
        let Some(bytes) = bytes_of(&piece) else { break };
        if part.size_bytes + bytes.len() as u64 > file.size_bytes {
            begin_anew(part, hash)?;
            let problem = format!("the server sends more than the {} bytes expected", file.size_bytes);
            return Err(EngineError::Network { file: file.name.clone(), problem }.into());
        }
        part.append(&bytes).await?;
        hash.update(&bytes);
        progress.report(task, LoadStage::Fetching, file, part.size_bytes);
    }
    if part.size_bytes < file.size_bytes {
        return Err(passing("the connection ended early".to_owned()));
    }
    Ok(())
}

fn begin_anew(part: &mut OpenFile, hash: &mut Hash) -> Result<(), EngineError> {
    *hash = Hash::new();
    part.clear()
}

/// What a promise gives, or in words why it gave nothing.
async fn wait(task: &Task<'_>, promise: js_sys::Promise) -> Result<Result<JsValue, String>, EngineError> {
    let given = task.stop.or(clock::within(SILENCE_LIMIT_SECONDS, JsFuture::from(promise))).await?;
    Ok(match given {
        Some(Ok(value)) => Ok(value),
        Some(Err(error)) => Err(words(&error)),
        None => Err(format!("nothing came for {SILENCE_LIMIT_SECONDS} seconds")),
    })
}

/// The bytes of a piece `{done, value}` of a stream; `None` at its end.
fn bytes_of(piece: &JsValue) -> Option<Vec<u8>> {
    let value = js_sys::Reflect::get(piece, &"value".into()).ok()?;
    Some(value.dyn_into::<Uint8Array>().ok()?.to_vec())
}

/// Ends with its owner: a request that nobody waits for must not go on.
struct Connection(Option<AbortController>);

impl Connection {
    fn new() -> Self {
        Self(AbortController::new().ok())
    }

    fn ask(&self, url: &str, offset: u64) -> Result<js_sys::Promise, JsValue> {
        let options = RequestInit::new();
        // It is kept here already.
        options.set_cache(RequestCache::NoStore);
        if let Some(controller) = &self.0 {
            options.set_signal(Some(&controller.signal()));
        }
        if offset > 0 {
            let headers = Headers::new()?;
            headers.set("range", &format!("bytes={offset}-"))?;
            options.set_headers(&headers);
        }
        Ok(clock::scope().fetch_with_str_and_init(url, &options))
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        if let Some(controller) = &self.0 {
            controller.abort();
        }
    }
}
