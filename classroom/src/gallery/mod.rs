//! `/gallery`: every part that pages are built of, and every lab, for whoever builds and for axe.

mod words;

use leptos::html;
use leptos::prelude::*;
use shared::api::jobs::JobState;

use frontend::api::Failure;
use frontend::components::toast::use_toasts;
use frontend::components::{
    Button, ButtonKind, Card, Dialog, EmptyState, ErrorBox, Facts, Field, FieldIds, Legend, Loading,
    PageTitle, ProgressBar, Radio, StateTag, TabPanel, TableBox, Tabs, aria_invalid,
};
use frontend::labs;

/// Names and settings, as a lesson would write them.
const LABS: &[(&str, &str)] = &[
    ("environment-doctor", ""),
    ("cleaning-playground", ""),
    ("tokenizer-training", r#"{"vocabulary_size": 420}"#),
    ("vocabulary-sweep", ""),
    ("model-calculator", r#"{"architecture": "deepseek"}"#),
    ("scan-figure", ""),
    ("routing-figure", r#"{"experts": 8, "chosen": 2}"#),
    ("quantization", r#"{"format": "q4_0"}"#),
    ("adapter-calculator", r#"{"method": "lora"}"#),
    ("metric-workbench", ""),
];

const STATES: [JobState; 6] = [
    JobState::Waiting,
    JobState::Queued,
    JobState::Running,
    JobState::Succeeded,
    JobState::Failed,
    JobState::Cancelled,
];

#[component]
pub fn GalleryPage() -> impl IntoView {
    let texts = &words::GALLERY;
    let place = NodeRef::<html::Div>::new();
    Effect::new(move || {
        if let Some(place) = place.get() {
            labs::mount_all(&place);
        }
    });
    let lab = |(name, settings): &(&'static str, &'static str)| {
        view! { <div id=format!("lab-{name}") data-lab=*name data-settings=*settings></div> }
    };
    view! {
        <PageTitle title=texts.title.to_owned()/>
        <p class="lead-small">{texts.lead}</p>
        <div class="gallery">
            <Pressed/>
            <Fields/>
            <States/>
        </div>
        <Card title=texts.labs.to_owned() class="gallery-labs">
            <div node_ref=place class="labs">{LABS.iter().map(lab).collect_view()}</div>
        </Card>
    }
}

#[component]
fn Pressed() -> impl IntoView {
    let texts = &words::GALLERY;
    let toasts = use_toasts();
    let open = RwSignal::new(false);
    let nothing = |()| ();
    view! {
        <Card title=texts.buttons.to_owned()>
            <div class="buttons">
                <Button kind=ButtonKind::Primary on_press=nothing>{texts.primary}</Button>
                <Button on_press=nothing>{texts.plain}</Button>
                <Button kind=ButtonKind::Quiet on_press=nothing>{texts.quiet}</Button>
                <Button kind=ButtonKind::Danger on_press=move |()| toasts.error(texts.toast_error)>
                    {texts.danger}
                </Button>
                <Button busy=true on_press=nothing>{texts.waits}</Button>
                <Button disabled=true on_press=nothing>{texts.cannot}</Button>
                <Button on_press=move |()| toasts.done(texts.toast_done)>{texts.done}</Button>
                <Button on_press=move |()| open.set(true)>{texts.open_dialog}</Button>
            </div>
            <Dialog open=open title=texts.dialog_title>
                <p>{texts.dialog_words}</p>
                <div class="dialog-buttons">
                    <Button kind=ButtonKind::Quiet on_press=move |()| open.set(false)>
                        {frontend::texts::texts().common.close}
                    </Button>
                    <Button kind=ButtonKind::Danger on_press=move |()| open.set(false)>{texts.danger}</Button>
                </div>
            </Dialog>
        </Card>
    }
}

#[component]
fn Fields() -> impl IntoView {
    let texts = &words::GALLERY;
    let error = RwSignal::new(Some(texts.field_error.to_owned()));
    let selected = RwSignal::new("gallery-first");
    let tabs = vec![("gallery-first", texts.first.to_owned()), ("gallery-second", texts.second.to_owned())];
    let chosen = RwSignal::new(Some(1));
    let (plain, wrong, range) =
        (FieldIds::new("gallery-plain"), FieldIds::new("gallery-wrong"), FieldIds::new("gallery-range"));
    view! {
        <Card title=texts.field.to_owned()>
            <Field ids=plain.clone() label=texts.field hint=texts.field_hint>
                <input type="text" id=plain.control.clone() aria-describedby=plain.described_by()/>
            </Field>
            <Field ids=wrong.clone() label=texts.field hint=texts.field_hint error=error>
                <input
                    type="text"
                    id=wrong.control.clone()
                    aria-describedby=wrong.described_by()
                    aria-invalid=aria_invalid(error)
                />
            </Field>
            <Field ids=range.clone() label=texts.range>
                <input type="range" id=range.control.clone() min="0" max="2" step="0.1"/>
            </Field>
            <Radio
                name="gallery-size"
                legend=Legend::Shown(texts.radio)
                choices=vec![(1, texts.one, texts.one_words), (2, texts.two, texts.two_words)]
                chosen=chosen
                on_choose=move |value| chosen.set(Some(value))
            />
            <Tabs label=texts.tabs tabs=tabs selected=selected/>
            <TabPanel id="gallery-first" selected=selected><p>{texts.prose}</p></TabPanel>
            <TabPanel id="gallery-second" selected=selected><p>{texts.dialog_words}</p></TabPanel>
        </Card>
    }
}

#[component]
fn States() -> impl IntoView {
    let texts = &words::GALLERY;
    let share = RwSignal::new(Some(0.4));
    let unknown = RwSignal::new(None);
    let nothing = |()| ();
    let tag = |state| view! { <StateTag state=state/> };
    let row = |(name, value): (&'static str, &'static str)| {
        view! { <tr><th scope="row">{name}</th><td class="number">{value}</td></tr> }
    };
    view! {
        <Card title=texts.states.to_owned()>
            <div class="buttons">{STATES.map(tag).collect_view()}</div>
            <h3>{texts.progress}</h3>
            <div class="progress-line">
                <ProgressBar label=texts.progress share=share/>
                <ProgressBar label=texts.waits share=unknown/>
                <Loading/>
                <p class="reason">{texts.reason}</p>
            </div>
            <h3>{texts.facts}</h3>
            <Facts facts=vec![(texts.one, "12,345".to_owned()), (texts.two, "1.2 GB".to_owned())]/>
            <h3>{texts.table}</h3>
            <TableBox label=texts.table>
                <thead>
                    <tr><th scope="col">{texts.field}</th><th scope="col" class="number">{texts.rows}</th></tr>
                </thead>
                <tbody>{[(texts.first, "120"), (texts.second, "8")].map(row).collect_view()}</tbody>
            </TableBox>
            <h3>{texts.empty_title}</h3>
            <EmptyState title=texts.empty_title words=texts.empty_words/>
            <ErrorBox title=texts.failure_title.to_owned() failure=Failure::Unreachable on_retry=Callback::new(nothing)/>
        </Card>
    }
}
