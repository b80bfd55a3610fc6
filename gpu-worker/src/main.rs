//! `mitbadak-worker`: every stage as a command, and the agent that runs them for a server.

use std::process::ExitCode;

/// Keeps its pages between training steps; glibc gives big blocks back at every one (1.5× slower).
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    gpu_worker::commands::main()
}
