//! The model's Web Worker, spoken to directly from a page's origin.

use serde_json::{Value, json};

use super::Browser;

/// `window.engine`: requests in, all reports on each out.
const START: &str = "
    const done = arguments[arguments.length - 1];
    const worker = new Worker('/engine_loader.js');
    const listeners = new Map();
    let last = 0, complained = done;
    window.engine = {
        ask(command, onReport = () => {}) {
            const number = ++last;
            return new Promise(resolve => {
                const reports = [];
                listeners.set(number, event => {
                    reports.push(event);
                    onReport(event, number);
                    if (!['progress', 'retrying', 'started', 'delta', 'statistics', 'device_lost', 'rebuilt']
                        .includes(event.type)) { listeners.delete(number); resolve(reports); }
                });
                worker.postMessage(JSON.stringify({ number, command }));
            });
        },
        stop(request) { worker.postMessage(JSON.stringify({ number: ++last, command: { type: 'stop', request } })); },
        // When it has read everything that was sent before: it complains at once of what it cannot read.
        heard() { return new Promise(resolve => { complained = resolve; worker.postMessage('?'); }); },
        end() { worker.terminate(); },
    };
    worker.onerror = error => done({ type: 'error', problem: error.message });
    worker.onmessage = message => {
        const { request, event } = JSON.parse(message.data);
        if (request === null) complained(event); else listeners.get(request)?.(event);
    };
";

const ASK: &str = "const done = arguments[arguments.length - 1]; engine.ask(arguments[0]).then(done);";

impl Browser {
    /// A worker of its own on this page; another one is ended.
    pub fn start_engine(&self) {
        self.run("window.engine?.end()", vec![]);
        let event = self.run_later(START, vec![]);
        assert_eq!(event["type"], "ready", "{event}");
    }

    /// Every report on a command, the last one last.
    pub fn ask_engine(&self, command: Value) -> Vec<Value> {
        let reports = self.run_later(ASK, vec![command]);
        reports.as_array().cloned().unwrap_or_default()
    }

    /// The answer to a command.
    pub fn answer(&self, command: Value) -> Value {
        self.ask_engine(command).pop().unwrap_or_default()
    }

    /// Loads a model, or says what was reported last.
    pub fn load(&self, files: &Value, base_url: &str, engine: &str, weights: &str) -> Value {
        self.answer(json!({
            "type": "load", "files": files, "base_url": base_url, "engine": engine, "weights": weights,
        }))
    }
}
