//! One Web Worker: requests to it, and its reports to whoever asked.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::time::Duration;

use leptos::leptos_dom::helpers::TimeoutHandle;
use leptos::prelude::*;
use shared::engine::{Command, EngineError, Event, Report, Request, RequestNumber, from_text, to_text};
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{MessageEvent, Worker};

const SCRIPT: &str = "/engine_loader.js";
/// For giving the GPU back before the worker is ended.
const FAREWELL: Duration = Duration::from_millis(500);

/// For the worker's program to arrive. One that comes later is taken all the same.
const START_LIMIT: Duration = Duration::from_secs(60);

type Listener = Box<dyn FnMut(Event)>;

/// Lives as long as the component that started it.
#[derive(Clone, Copy)]
pub struct EngineWorker {
    state: StoredValue<Rc<RefCell<State>>, LocalStorage>,
    /// Set when nothing comes from the worker any more; [`EngineWorker::start_again`]. Taken back
    /// when its program arrives late.
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
    /// Goes off when the program does not come.
    start_timer: Option<TimeoutHandle>,
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

    pub fn has_crashed(self) -> bool {
        self.crashed.with_untracked(Option::is_some)
    }

    /// Asks; `listen` hears every report on it, the last one included.
    pub fn send(self, command: Command, listen: impl FnMut(Event) + 'static) -> RequestNumber {
        self.ask(command, Some(Box::new(listen)))
    }

    /// Ends a request; its listener hears that as its last report.
    pub fn stop(self, request: RequestNumber) {
        self.ask(Command::Stop { request }, None);
    }

    /// Ends a request whose reports nobody wants any more.
    pub fn abandon(self, request: RequestNumber) {
        let Some(state) = self.state.try_get_value() else { return };
        let listener = state.borrow_mut().listeners.remove(&request);
        drop(listener);
        self.stop(request);
    }

    fn ask(self, command: Command, listener: Option<Listener>) -> RequestNumber {
        let Some(state) = self.state.try_get_value() else { return RequestNumber(0) };
        let mut state = state.borrow_mut();
        state.last_number += 1;
        let number = RequestNumber(state.last_number);
        if let Some(listener) = listener {
            state.listeners.insert(number, listener);
        }
        let request = Request { number, command };
        match &state.worker {
            Some(worker) if state.is_ready => post(worker, &request),
            _ => state.waiting.push(request),
        }
        number
    }

    fn spawn(self) {
        let worker = match Worker::new(SCRIPT) {
            Ok(worker) => worker,
            Err(_) => return self.fail(not_started("the browser starts no Web Worker")),
        };
        let heard = Closure::<dyn FnMut(web_sys::Event)>::new(move |event: web_sys::Event| {
            let text = event.dyn_into::<MessageEvent>().ok().and_then(|message| message.data().as_string());
            self.hear(&text.unwrap_or_default());
        });
        let failed = Closure::<dyn FnMut(web_sys::Event)>::new(move |_| self.end_of_script());
        worker.set_onmessage(Some(heard.as_ref().unchecked_ref()));
        worker.set_onerror(Some(failed.as_ref().unchecked_ref()));
        let give_up = move || {
            self.fail(not_started(&format!("nothing came for {} seconds", START_LIMIT.as_secs())));
        };
        if let Some(state) = self.state.try_get_value() {
            let mut state = state.borrow_mut();
            state.worker = Some(worker);
            state.closures = vec![heard, failed];
            state.start_timer = set_timeout_with_handle(give_up, START_LIMIT).ok();
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
                {
                    let mut state = state.borrow_mut();
                    state.is_ready = true;
                    clear(&mut state.start_timer);
                    let waiting = std::mem::take(&mut state.waiting);
                    if let Some(worker) = &state.worker {
                        waiting.iter().for_each(|request| post(worker, request));
                    }
                }
                if self.has_crashed() {
                    self.crashed.try_set(None);
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

    fn end_of_script(self) {
        let Some(state) = self.state.try_get_value() else { return };
        let is_ready = state.borrow().is_ready;
        self.fail(match is_ready {
            true => EngineError::Crashed { problem: "its script has ended".to_owned() },
            false => not_started("its script does not load"),
        });
    }

    /// Nothing comes any more: everybody who waits hears why.
    fn fail(self, error: EngineError) {
        let Some(state) = self.state.try_get_value() else { return };
        let listeners = {
            let mut state = state.borrow_mut();
            clear(&mut state.start_timer);
            // Those who asked hear that it came to nothing: a program that comes late begins anew.
            state.waiting.clear();
            std::mem::take(&mut state.listeners)
        };
        for mut listener in listeners.into_values() {
            listener(Event::Failed { error: error.clone() });
        }
        self.crashed.try_set(Some(error));
    }

    fn end(self) {
        let Some(state) = self.state.try_get_value() else { return };
        let mut state = state.borrow_mut();
        clear(&mut state.start_timer);
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

fn clear(timer: &mut Option<TimeoutHandle>) {
    if let Some(timer) = timer.take() {
        timer.clear();
    }
}

fn not_started(problem: &str) -> EngineError {
    EngineError::NotStarted { problem: problem.to_owned() }
}

fn post(worker: &Worker, request: &Request) {
    let sent = to_text(request).map(|text| worker.post_message(&text.into()));
    if !matches!(sent, Ok(Ok(()))) {
        leptos::logging::warn!("the model's worker takes no message");
    }
}
