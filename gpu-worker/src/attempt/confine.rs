//! What an attempt's process does to itself before it works: no core files, a readable error
//! instead of a signal at the file size limit, and death with its parent.
//!
//! Memory is not limited here: RLIMIT_AS counts address space, of which mmap and a page-keeping
//! allocator reserve far more than they use, and a control group needs rights that a worker on a
//! shared machine does not have. The agent watches the resident memory instead (see `child`).

use std::io;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use rustix::process::{Resource, Rlimit, Signal};

/// Limits of this process that its parent chose.
#[derive(Debug, Clone, Copy, Default)]
pub struct Confinement {
    /// Writing beyond it in one file is an error (RLIMIT_FSIZE).
    pub file_size_limit_bytes: Option<u64>,
    /// Ends this process when the thread that started it ends.
    pub die_with_parent: bool,
}

/// Applies the limits to this process.
pub fn confine(confinement: Confinement) -> io::Result<()> {
    rustix::process::setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) })?;
    // With a handler in place a write beyond the limit fails with EFBIG, which the job reports.
    signal_hook::flag::register(signal_hook::consts::SIGXFSZ, Arc::new(AtomicBool::new(false)))?;
    if let Some(bytes) = confinement.file_size_limit_bytes {
        let maximum = rustix::process::getrlimit(Resource::Fsize).maximum;
        rustix::process::setrlimit(Resource::Fsize, Rlimit { current: Some(bytes), maximum })?;
    }
    if confinement.die_with_parent {
        rustix::process::set_parent_process_death_signal(Some(Signal::KILL))?;
    }
    Ok(())
}
