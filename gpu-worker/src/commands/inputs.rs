//! A spec from a file, and its named inputs bound to paths.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use shared::spec::JobSpec;

use crate::jobs::JobError;

/// `NAME=PATH` of an `--input`.
#[derive(Debug, Clone)]
pub struct Binding {
    pub name: String,
    pub path: PathBuf,
}

/// Reads one `--input`.
pub fn parse_binding(text: &str) -> Result<Binding, String> {
    match text.split_once('=') {
        Some((name, path)) if !name.is_empty() && !path.is_empty() => {
            Ok(Binding { name: name.to_owned(), path: PathBuf::from(path) })
        }
        _ => Err("write NAME=PATH, for instance corpus=var/corpus".to_owned()),
    }
}

/// Reads and checks a spec.
pub fn read_spec(path: &Path) -> Result<JobSpec, JobError> {
    let bytes =
        fs::read(path).map_err(|error| JobError::user(format!("the spec {}: {error}", path.display())))?;
    let spec: JobSpec = serde_json::from_slice(&bytes)
        .map_err(|error| JobError::user(format!("{} is no job spec: {error}", path.display())))?;
    spec.validate().map_err(|problems| {
        let lines: Vec<String> =
            problems.0.iter().map(|problem| format!("\n  {}: {}", problem.field, problem.message)).collect();
        JobError::user(format!("{} cannot work:{}", path.display(), lines.concat()))
    })?;
    Ok(spec)
}

/// Binds every input that the spec names, and nothing else.
pub fn bind(spec: &JobSpec, bindings: &[Binding]) -> Result<BTreeMap<String, PathBuf>, JobError> {
    let wanted: Vec<String> = spec.inputs().into_iter().map(|slot| slot.name).collect();
    let mut bound = BTreeMap::new();
    for Binding { name, path } in bindings {
        if !wanted.contains(name) {
            return Err(JobError::user(format!(
                "a {} job has no input {name:?}; it has: {}",
                spec.kind().as_str(),
                wanted.join(", ")
            )));
        }
        let absolute = path
            .canonicalize()
            .map_err(|error| JobError::user(format!("--input {name}={}: {error}", path.display())))?;
        if bound.insert(name.clone(), absolute).is_some() {
            return Err(JobError::user(format!("--input {name} is given twice")));
        }
    }
    let missing: Vec<String> = wanted
        .iter()
        .filter(|name| !bound.contains_key(*name))
        .map(|name| format!(" --input {name}=PATH"))
        .collect();
    if missing.is_empty() { Ok(bound) } else { Err(JobError::user(format!("add{}", missing.concat()))) }
}

/// Bytes of a file, or of all files below a folder.
pub fn size_bytes(path: &Path) -> Result<u64, JobError> {
    let about = fs::metadata(path).map_err(JobError::io(path.display()))?;
    if !about.is_dir() {
        return Ok(about.len());
    }
    let mut sum = 0;
    for entry in fs::read_dir(path).map_err(JobError::io(path.display()))? {
        sum += size_bytes(&entry.map_err(JobError::io(path.display()))?.path())?;
    }
    Ok(sum)
}
