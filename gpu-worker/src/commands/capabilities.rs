//! `mitbadak-worker capabilities`: what this machine has, as the agent reports it.

use super::print_json;
use crate::capabilities;
use crate::jobs::JobError;

pub fn run() -> Result<(), JobError> {
    print_json(&capabilities::read())
}
