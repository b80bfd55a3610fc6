//! The page's program.

fn main() {
    frontend::start();
}
