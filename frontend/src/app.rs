//! The routes, and what stands around every page.

use leptos::prelude::*;
use leptos_router::components::{Route, Router, Routes};
use leptos_router::path;

use crate::clock::provide_clock;
use crate::components::toast::{Toasts, provide_toasts};
use crate::connection::{ConnectionBanner, provide_connection};
use crate::elsewhere::ClassroomPage;
use crate::layout::{Footer, Header, SkipLink};
use crate::pages::{
    ArtifactPage, Artifacts, ChatWithMine, ChatWithPublished, Home, Insecure, Models, NewRun, NotFound,
    PublishedModelPage, RunPage, Runs, SignInPage, TokenizersPage, Upload, WriteWithMine, WriteWithPublished,
};
use crate::session::provide_session;
use crate::{browser, theme};

#[component]
pub fn App() -> impl IntoView {
    theme::provide_theme();
    if !browser::is_secure_context() {
        // Cookies of the session, WebGPU and the browser's file store need a secure origin.
        return view! { <main id="main" class="page"><Insecure/></main> }.into_any();
    }
    provide_connection();
    provide_clock();
    provide_toasts();
    provide_session();
    view! {
        <Router>
            <SkipLink/>
            <Header/>
            <ConnectionBanner/>
            <main id="main" class="page" tabindex="-1">
                <Routes fallback=NotFound>
                    <Route path=path!("/") view=Home/>
                    <Route path=path!("/sign-in") view=SignInPage/>
                    <Route path=path!("/course/*rest") view=ClassroomPage/>
                    <Route path=path!("/desk/*rest") view=ClassroomPage/>
                    <Route path=path!("/account") view=ClassroomPage/>
                    <Route path=path!("/certificates/:code") view=ClassroomPage/>
                    <Route path=path!("/join") view=ClassroomPage/>
                    <Route path=path!("/notifications") view=ClassroomPage/>
                    <Route path=path!("/runs") view=Runs/>
                    <Route path=path!("/runs/:id") view=RunPage/>
                    <Route path=path!("/new-run") view=NewRun/>
                    <Route path=path!("/artifacts") view=Artifacts/>
                    <Route path=path!("/artifacts/:id") view=ArtifactPage/>
                    <Route path=path!("/artifacts/:id/write") view=WriteWithMine/>
                    <Route path=path!("/artifacts/:id/chat") view=ChatWithMine/>
                    <Route path=path!("/models") view=Models/>
                    <Route path=path!("/models/:id/write") view=WriteWithPublished/>
                    <Route path=path!("/models/:id/chat") view=ChatWithPublished/>
                    <Route path=path!("/models/:id") view=PublishedModelPage/>
                    <Route path=path!("/tokenizers") view=TokenizersPage/>
                    <Route path=path!("/upload") view=Upload/>
                    <Route path=path!("/gallery") view=ClassroomPage/>
                </Routes>
            </main>
            <Footer/>
            <Toasts/>
        </Router>
    }
    .into_any()
}
