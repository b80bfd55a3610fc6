//! Requests in their order, and Stop, which overtakes them.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::rc::Rc;
use std::task::{Poll, Waker};

use shared::engine::{EngineError, Request, RequestNumber};

/// Shared by the message handler and the loop that works requests off.
#[derive(Debug, Clone, Default)]
pub struct Inbox(Rc<RefCell<Waiting>>);

#[derive(Debug, Default)]
struct Waiting {
    requests: VecDeque<(Request, Stop)>,
    running: Option<(RequestNumber, Stop)>,
    waker: Option<Waker>,
}

impl Inbox {
    pub fn add(&self, request: Request) {
        let waker = {
            let mut waiting = self.0.borrow_mut();
            waiting.requests.push_back((request, Stop::default()));
            waiting.waker.take()
        };
        waker.into_iter().for_each(Waker::wake);
    }

    /// Waits for the next request; the one before it has ended.
    pub async fn next(&self) -> (Request, Stop) {
        poll_fn(|context| {
            let mut waiting = self.0.borrow_mut();
            let next = waiting.requests.pop_front();
            waiting.running = next.as_ref().map(|(request, stop)| (request.number, stop.clone()));
            if next.is_none() {
                waiting.waker = Some(context.waker().clone());
            }
            next.map_or(Poll::Pending, Poll::Ready)
        })
        .await
    }

    /// Stops a request that runs or waits; any other has ended already.
    pub fn stop(&self, number: RequestNumber) {
        let waiting = self.0.borrow();
        let running = waiting.running.iter().filter(|(running, _)| *running == number).map(|(_, stop)| stop);
        let queued = waiting.requests.iter().filter(|(request, _)| request.number == number);
        let stops: Vec<Stop> = running.chain(queued.map(|(_, stop)| stop)).cloned().collect();
        // Waking may come back here.
        drop(waiting);
        stops.iter().for_each(Stop::set);
    }
}

/// Whether a request is to end.
#[derive(Debug, Clone, Default)]
pub struct Stop(Rc<RefCell<(bool, Option<Waker>)>>);

impl Stop {
    fn set(&self) {
        let waker = {
            let mut state = self.0.borrow_mut();
            state.0 = true;
            state.1.take()
        };
        waker.into_iter().for_each(Waker::wake);
    }

    pub fn is_set(&self) -> bool {
        self.0.borrow().0
    }

    /// # Errors
    /// [`EngineError::Stopped`].
    pub fn check(&self) -> Result<(), EngineError> {
        if self.is_set() { Err(EngineError::Stopped) } else { Ok(()) }
    }

    /// Waits for `future`, at most until Stop: then it is dropped where it stands.
    ///
    /// # Errors
    /// [`EngineError::Stopped`].
    pub async fn or<F: Future>(&self, future: F) -> Result<F::Output, EngineError> {
        let mut future = pin!(future);
        poll_fn(|context| {
            if self.is_set() {
                return Poll::Ready(Err(EngineError::Stopped));
            }
            self.0.borrow_mut().1 = Some(context.waker().clone());
            future.as_mut().poll(context).map(Ok)
        })
        .await
    }
}

#[cfg(test)]
mod tests {
    use std::future::{pending, ready};

    use shared::engine::Command;

    use super::*;

    fn request(number: u32) -> Request {
        Request { number: RequestNumber(number), command: Command::MeasureMemory }
    }

    fn poll<F: Future>(future: F) -> Poll<F::Output> {
        pin!(future).poll(&mut std::task::Context::from_waker(Waker::noop()))
    }

    fn next(inbox: &Inbox) -> (u32, Stop) {
        match poll(inbox.next()) {
            Poll::Ready((request, stop)) => (request.number.0, stop),
            Poll::Pending => panic!("nothing waits"),
        }
    }

    #[test]
    fn requests_come_in_the_order_in_which_they_were_sent() {
        let inbox = Inbox::default();
        assert!(poll(inbox.next()).is_pending());
        (1..=3).for_each(|number| inbox.add(request(number)));
        assert_eq!([1, 2, 3].map(|_| next(&inbox).0), [1, 2, 3]);
        assert!(poll(inbox.next()).is_pending());
    }

    #[test]
    fn stop_reaches_a_request_that_runs_or_waits_and_no_other() {
        let inbox = Inbox::default();
        (1..=3).for_each(|number| inbox.add(request(number)));
        let (_, first) = next(&inbox);
        inbox.stop(RequestNumber(1));
        inbox.stop(RequestNumber(3));
        assert!(first.is_set());
        let (_, second) = next(&inbox);
        inbox.stop(RequestNumber(1));
        assert!(!second.is_set());
        let (_, third) = next(&inbox);
        assert_eq!(third.check(), Err(EngineError::Stopped));
    }

    #[test]
    fn waiting_ends_with_what_is_waited_for_or_with_stop() {
        let stop = Stop::default();
        assert_eq!(poll(stop.or(ready(7))), Poll::Ready(Ok(7)));
        assert!(poll(stop.or(pending::<()>())).is_pending());
        stop.set();
        assert_eq!(poll(stop.or(pending::<()>())), Poll::Ready(Err(EngineError::Stopped)));
    }
}
