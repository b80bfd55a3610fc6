//! One Web Worker: requests to it, and its reports to whoever asked.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::time::Duration;

use leptos::prelude::*;
use shared::engine::{Command, EngineError, Event, Report, Request, RequestNumber, from_text, to_text};
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{MessageEvent, Worker};

const SCRIPT: &str = "/engine_loader.js";
/// For giving the GPU back before the worker is ended.
const FAREWELL: Duration = Duration::from_millis(500);

type Listener = Box<dyn FnMut(Event)>;

/// Lives as long as the component that started it.
#[derive(Clone, Copy)]
pub struct EngineWorker {
    state: StoredValue<Rc<RefCell<State>>, LocalStorage>,
    /// Set when the worker itself is at its end; [`EngineWorker::start_again`].
    pub crashed: RwSignal<Option<EngineError>>,
}

#[derive(Default)]
struct State {
    worker: Option<Worker>,
    is_ready: bool,
    last_number: u32,
    /// Sent when the worker listens.
    waiting: Vec<Request>,
    listeners: BTreeMap<RequestNumber, Listener>,
    closures: Vec<Closure<dyn FnMut(web_sys::Event)>>,
}

impl EngineWorker {
    pub fn start() -> Self {
        let engine = Self {
            state: StoredValue::new_local(Rc::new(RefCell::new(State::default()))),
            crashed: RwSignal::new(None),
        };
        engine.spawn();
        on_cleanup(move || engine.end());
        engine
    }

    /// Another worker in the place of one that has crashed. What it held is gone.
    pub fn start_again(self) {
        self.end();
        self.crashed.set(None);
        self.spawn();
    }

    /// Asks; `listen` hears every report on it, the last one included.
    pub fn send(self, command: Command, listen: impl FnMut(Event) + 'static) -> RequestNumber {
        let Some(state) = self.state.try_get_value() else { return RequestNumber(0) };
        let mut state = state.borrow_mut();
        state.last_number += 1;
        let number = RequestNumber(state.last_number);
        state.listeners.insert(number, Box::new(listen));
        let request = Request { number, command };
        match &state.worker {
            Some(worker) if state.is_ready => post(worker, &request),
            _ => state.waiting.push(request),
        }
        number
    }

    /// Ends a request; its listener hears that as its last report.
    pub fn stop(self, request: RequestNumber) {
        self.send(Command::Stop { request }, |_| {});
    }

    fn spawn(self) {
        let worker = match Worker::new(SCRIPT) {
            Ok(worker) => worker,
            Err(_) => return self.crash("the browser starts no Web Worker"),
        };
        let heard = Closure::<dyn FnMut(web_sys::Event)>::new(move |event: web_sys::Event| {
            let text = event.dyn_into::<MessageEvent>().ok().and_then(|message| message.data().as_string());
            self.hear(&text.unwrap_or_default());
        });
        let failed = Closure::<dyn FnMut(web_sys::Event)>::new(move |_| {
            self.crash("its script does not load or has ended");
        });
        worker.set_onmessage(Some(heard.as_ref().unchecked_ref()));
        worker.set_onerror(Some(failed.as_ref().unchecked_ref()));
        if let Some(state) = self.state.try_get_value() {
            let mut state = state.borrow_mut();
            state.worker = Some(worker);
            state.closures = vec![heard, failed];
        }
    }

    fn hear(self, text: &str) {
        let report = match from_text::<Report>(text) {
            Ok(report) => report,
            Err(error) => return self.fail(EngineError::Version { problem: error.to_string() }),
        };
        let Some(state) = self.state.try_get_value() else { return };
        match (report.request, report.event) {
            (None, Event::Ready) => {
                let mut state = state.borrow_mut();
                state.is_ready = true;
                let waiting = std::mem::take(&mut state.waiting);
                if let Some(worker) = &state.worker {
                    waiting.iter().for_each(|request| post(worker, request));
                }
            }
            (None, Event::Failed { error }) => self.fail(error),
            (None, _) => {}
            (Some(number), event) => {
                // A listener may send: the state is free while it runs.
                let listener = state.borrow_mut().listeners.remove(&number);
                if let Some(mut listener) = listener {
                    let is_last = event.is_last();
                    listener(event);
                    if !is_last {
                        state.borrow_mut().listeners.insert(number, listener);
                    }
                }
            }
        }
    }

    fn crash(self, problem: &str) {
        self.fail(EngineError::Crashed { problem: problem.to_owned() });
    }

    /// Nothing comes any more: everybody who waits hears why.
    fn fail(self, error: EngineError) {
        let Some(state) = self.state.try_get_value() else { return };
        let listeners = std::mem::take(&mut state.borrow_mut().listeners);
        for mut listener in listeners.into_values() {
            listener(Event::Failed { error: error.clone() });
        }
        self.crashed.try_set(Some(error));
    }

    fn end(self) {
        let Some(state) = self.state.try_get_value() else { return };
        let mut state = state.borrow_mut();
        let last_number = state.last_number + 1;
        if let Some(worker) = state.worker.take() {
            worker.set_onmessage(None);
            worker.set_onerror(None);
            let close = Request { number: RequestNumber(last_number), command: Command::Close };
            post(&worker, &close);
            set_timeout(move || worker.terminate(), FAREWELL);
        }
        *state = State { last_number, ..State::default() };
    }
}

fn post(worker: &Worker, request: &Request) {
    let sent = to_text(request).map(|text| worker.post_message(&text.into()));
    if !matches!(sent, Ok(Ok(()))) {
        leptos::logging::warn!("the model's worker takes no message");
    }
}
