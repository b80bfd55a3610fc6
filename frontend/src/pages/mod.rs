//! The pages, one file or folder each; `app.rs` gives them their addresses.

mod artifact;
mod artifacts;
mod home;
mod insecure;
mod models;
mod new_run;
mod not_found;
mod run;
mod runs;
mod sign_in;
mod sign_in_form;
mod signed_in;
mod talk;
mod tokenizers;
mod upload;

pub use artifact::ArtifactPage;
pub use artifacts::Artifacts;
pub use home::Home;
pub use insecure::Insecure;
pub use models::{Models, PublishedModelPage};
pub use new_run::NewRun;
pub use not_found::NotFound;
pub use run::{RunPage, waiting_words};
pub use runs::Runs;
pub use sign_in::SignInPage;
pub use sign_in_form::PasswordForm;
pub use signed_in::SignedIn;
pub use talk::{ChatWithMine, ChatWithPublished, LoadingStatus, WriteWithMine, WriteWithPublished};
pub use tokenizers::TokenizersPage;
pub use upload::Upload;
