//! A job's events as they happen, without a gap: across a lost connection, a sleeping machine and a
//! server that was started again.
//!
//! The browser's EventSource comes back by itself after most breaks and says where it stood
//! (`Last-Event-ID`). Where it gives up, a new one is opened after the last event that we have.
//!
//! An end in the stream may be followed by more: a job that failed is resumed. Only the server knows
//! whether it is the last word, and closes the stream then.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::api::bytes::JOB_EVENT_STREAM;
use shared::api::jobs::GetJob;
use shared::events::{JobEvent, StreamEvent};
use shared::ids::JobId;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{EventSource, MessageEvent};

use super::Failure;

/// Events are handed on together, so that a page draws at most this often.
const HAND_ON: Duration = Duration::from_millis(200);
const FIRST_WAIT_SECONDS: f64 = 1.0;
const LONGEST_WAIT_SECONDS: f64 = 15.0;

/// How the stream stands.
#[derive(Debug, Clone, PartialEq)]
pub enum Flow {
    /// Not open yet, or broken off and on its way back.
    Connecting,
    Open,
    /// The job has ended and every event is here.
    Ended,
    /// It will not come back by itself.
    Failed(Failure),
}

/// What a stream is doing, whatever its source does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Work {
    /// A source is open, or will be after a pause.
    Following,
    /// Ended or failed, until somebody asks to go on.
    Resting,
    /// The page has been left.
    Over,
}

struct Stream {
    job_id: JobId,
    last: Cell<u64>,
    /// Whether the last event was a job's end.
    last_was_end: Cell<bool>,
    pending: RefCell<Vec<StreamEvent>>,
    hand_on_is_due: Cell<bool>,
    wait_seconds: Cell<f64>,
    source: RefCell<Option<OpenSource>>,
    work: Cell<Work>,
    on_events: Box<dyn Fn(Vec<StreamEvent>)>,
    on_flow: Box<dyn Fn(Flow)>,
}

/// A source and the closures that it calls; closed when dropped.
struct OpenSource {
    source: EventSource,
    _on_message: Closure<dyn Fn(MessageEvent)>,
    _on_open: Closure<dyn Fn()>,
    _on_error: Closure<dyn Fn()>,
}

impl Drop for OpenSource {
    fn drop(&mut self) {
        self.source.set_onmessage(None);
        self.source.set_onopen(None);
        self.source.set_onerror(None);
        self.source.close();
    }
}

/// Opens a stream that rests again.
#[derive(Clone, Copy)]
pub struct Following(StoredValue<Rc<Stream>, LocalStorage>);

impl Following {
    /// After the last event that is here. Nothing happens while the stream is followed, or on its way back.
    pub fn go_on(self) {
        let Some(stream) = self.0.try_get_value() else { return };
        if stream.work.get() == Work::Resting {
            stream.work.set(Work::Following);
            stream.wait_seconds.set(FIRST_WAIT_SECONDS);
            open(&stream);
        }
    }
}

/// Follows a job from its first event until the calling component goes away.
pub fn follow(
    job_id: JobId,
    on_events: impl Fn(Vec<StreamEvent>) + 'static,
    on_flow: impl Fn(Flow) + 'static,
) -> Following {
    let stream = Rc::new(Stream {
        job_id,
        last: Cell::new(0),
        last_was_end: Cell::new(false),
        pending: RefCell::default(),
        hand_on_is_due: Cell::new(false),
        wait_seconds: Cell::new(FIRST_WAIT_SECONDS),
        source: RefCell::new(None),
        work: Cell::new(Work::Following),
        on_events: Box::new(on_events),
        on_flow: Box::new(on_flow),
    });
    open(&stream);
    let stream = StoredValue::new_local(stream);
    on_cleanup(move || {
        stream.with_value(|stream| {
            stream.work.set(Work::Over);
            close(stream);
        });
    });
    Following(stream)
}

/// A page that has been left reads no signal any more.
fn tell(stream: &Stream, flow: Flow) {
    if stream.work.get() != Work::Over {
        (stream.on_flow)(flow);
    }
}

/// No more until somebody asks to go on.
fn rest(stream: &Stream, flow: Flow) {
    close(stream);
    hand_on(stream);
    if stream.work.get() == Work::Following {
        stream.work.set(Work::Resting);
    }
    tell(stream, flow);
}

fn open(stream: &Rc<Stream>) {
    if stream.work.get() != Work::Following {
        return;
    }
    tell(stream, Flow::Connecting);
    let path = JOB_EVENT_STREAM.route.replace("{job_id}", &stream.job_id.to_string());
    let url = format!("{path}?after={}", stream.last.get());
    let Ok(source) = EventSource::new(&url) else {
        rest(stream, Flow::Failed(Failure::unreadable("the browser opens no event stream")));
        return;
    };
    let on_message = {
        let stream = Rc::downgrade(stream);
        Closure::<dyn Fn(MessageEvent)>::new(move |message: MessageEvent| {
            if let Some(stream) = stream.upgrade() {
                receive(&stream, &message);
            }
        })
    };
    let on_open = {
        let stream = Rc::downgrade(stream);
        Closure::<dyn Fn()>::new(move || {
            if let Some(stream) = stream.upgrade() {
                stream.wait_seconds.set(FIRST_WAIT_SECONDS);
                tell(&stream, Flow::Open);
            }
        })
    };
    let on_error = {
        let stream = Rc::downgrade(stream);
        Closure::<dyn Fn()>::new(move || {
            if let Some(stream) = stream.upgrade() {
                broke_off(&stream);
            }
        })
    };
    source.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
    source.set_onopen(Some(on_open.as_ref().unchecked_ref()));
    source.set_onerror(Some(on_error.as_ref().unchecked_ref()));
    let opened = OpenSource { source, _on_message: on_message, _on_open: on_open, _on_error: on_error };
    *stream.source.borrow_mut() = Some(opened);
}

/// A source is never dropped inside of one of its own calls.
fn close(stream: &Stream) {
    if let Some(source) = stream.source.borrow_mut().take() {
        source.source.close();
        set_timeout(move || drop(source), Duration::ZERO);
    }
}

fn receive(stream: &Rc<Stream>, message: &MessageEvent) {
    let Some(text) = message.data().as_string() else { return };
    let event = match serde_json::from_str::<StreamEvent>(&text) {
        Ok(event) => event,
        Err(error) => {
            rest(stream, Flow::Failed(Failure::unreadable(error)));
            return;
        }
    };
    let last = stream.last.get();
    if event.stream_number <= last {
        return;
    }
    if event.stream_number > last + 1 {
        // Never shown with a hole in it: asked for again from where it is whole.
        open_again(stream);
        return;
    }
    stream.last.set(event.stream_number);
    let ended = matches!(&event.event, JobEvent::StateChanged { state, .. } if state.has_ended());
    stream.pending.borrow_mut().push(event);
    stream.last_was_end.set(ended);
    if ended {
        hand_on(stream);
    } else if !stream.hand_on_is_due.replace(true) {
        let stream = Rc::clone(stream);
        set_timeout(move || hand_on(&stream), HAND_ON);
    }
}

fn hand_on(stream: &Stream) {
    stream.hand_on_is_due.set(false);
    let events = stream.pending.take();
    if !events.is_empty() && stream.work.get() != Work::Over {
        (stream.on_events)(events);
    }
}

/// The server closes a stream only at the real end; it is told apart from a break by the last event.
fn broke_off(stream: &Rc<Stream>) {
    if stream.last_was_end.get() {
        rest(stream, Flow::Ended);
        return;
    }
    tell(stream, Flow::Connecting);
    let gave_up =
        stream.source.borrow().as_ref().is_none_or(|open| open.source.ready_state() == EventSource::CLOSED);
    if gave_up {
        open_again(stream);
    }
}

/// After a pause that grows, asks whether the job can still be seen and opens a new source.
fn open_again(stream: &Rc<Stream>) {
    close(stream);
    let seconds = stream.wait_seconds.get();
    stream.wait_seconds.set((seconds * 2.0).min(LONGEST_WAIT_SECONDS));
    let stream = Rc::clone(stream);
    let again = move || {
        if stream.work.get() != Work::Following {
            return;
        }
        spawn_local(async move {
            match super::call(&GetJob { job_id: stream.job_id }).await {
                _ if stream.work.get() != Work::Following => {}
                Ok(_) => open(&stream),
                Err(failure) if failure.is_final() => rest(&stream, Flow::Failed(failure)),
                // Too many requests, a server that starts or stumbles: that passes.
                Err(_) => open_again(&stream),
            }
        });
    };
    set_timeout(again, Duration::from_secs_f64(seconds));
}
