//! Threads that do not go to sleep between the many short products of a token or a training step.
//!
//! A thread of the pool that finds nothing to do sleeps, and waking it takes as long as a small product. A token of
//! a small model has some thirty products with little between them, so most of a second thread's help would be lost.

use std::sync::atomic::{AtomicBool, Ordering};

use rayon::Yield;

/// Looks in a row that find nothing until a thread goes its way: a quarter of a millisecond, longer than what lies
/// between two products. It must end: a thread may come here out of a task for which the one that computes waits.
const IDLE_LOOKS_LIMIT: u32 = 300;
/// Pauses between two looks, so that whoever has the work is not disturbed by them.
const PAUSES: u32 = 16;

/// Runs `work` on this thread while the others of its pool stay awake and take their share of what it splits.
/// Outside a pool, or alone in one, it just runs.
pub fn kept_awake<R>(work: impl FnOnce() -> R) -> R {
    let Some(own) = rayon::current_thread_index().filter(|_| rayon::current_num_threads() > 1) else {
        return work();
    };
    let over = AtomicBool::new(false);
    rayon::in_place_scope(|scope| {
        // A broadcast has one task for each thread, which no other takes: the one for this thread has nothing to do.
        scope.spawn_broadcast(|_, context| {
            if context.index() != own {
                look_for_work(&over);
            }
        });
        let _end = End(&over);
        work()
    })
}

fn look_for_work(over: &AtomicBool) {
    let mut idle_looks = 0;
    while idle_looks < IDLE_LOOKS_LIMIT && !over.load(Ordering::Acquire) {
        if rayon::yield_now() == Some(Yield::Executed) {
            idle_looks = 0;
        } else {
            idle_looks += 1;
            (0..PAUSES).for_each(|_| std::hint::spin_loop());
        }
    }
}

/// Lets the others go, also when the work panics.
struct End<'a>(&'a AtomicBool);

impl Drop for End<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Release);
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::sync::{Barrier, Mutex};

    use super::*;

    fn pool(threads: usize) -> rayon::ThreadPool {
        rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap()
    }

    #[test]
    fn work_is_shared_by_the_threads_of_its_pool() {
        for threads in [1, 2, 3] {
            let barrier = Barrier::new(threads);
            let seen = Mutex::new(BTreeSet::new());
            let sum = pool(threads).install(|| {
                kept_awake(|| {
                    // Every task waits for all: each thread must have taken one.
                    rayon::broadcast(|context| {
                        barrier.wait();
                        seen.lock().unwrap().insert(context.index());
                    });
                    let (left, right) = rayon::join(|| 1, || 2);
                    left + right
                })
            });
            assert_eq!((sum, seen.into_inner().unwrap().len()), (3, threads));
        }
    }

    #[test]
    fn outside_a_pool_it_just_runs() {
        assert_eq!(kept_awake(|| 3), 3);
    }

    #[test]
    fn several_at_once_in_one_pool_all_end() {
        let pool = pool(2);
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    for _ in 0..50 {
                        assert_eq!(pool.install(|| kept_awake(|| rayon::join(|| 1, || 2))), (1, 2));
                    }
                });
            }
        });
    }

    #[test]
    fn a_thread_that_comes_late_and_out_of_a_task_holds_nobody_up() {
        let pool = pool(2);
        for _ in 0..20_000 {
            // Small enough that the other thread steals a task before it has seen the call.
            let sum = pool.install(|| kept_awake(|| deep_sum(6)));
            assert_eq!(sum, 64);
        }
    }

    fn deep_sum(depth: u32) -> u32 {
        if depth == 0 {
            return 1;
        }
        let (left, right) = rayon::join(|| deep_sum(depth - 1), || deep_sum(depth - 1));
        left + right
    }

    #[test]
    fn a_panic_lets_the_others_go() {
        let pool = pool(2);
        let work = || pool.install(|| kept_awake(|| -> () { panic!("on purpose") }));
        let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(work));
        assert!(panicked.is_err());
        assert_eq!(pool.install(|| rayon::join(|| 1, || 2)), (1, 2));
    }
}
