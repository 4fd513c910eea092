//! A panic ends the work that it is met in and no other, and says where it was and nothing else: its words
//! may quote what somebody has typed.

use std::{
    future::poll_fn,
    panic::{AssertUnwindSafe, catch_unwind, set_hook},
    pin::pin,
    task::Poll,
};

/// Work that broke off in a panic.
#[derive(Debug, thiserror::Error)]
#[error("it broke off in a panic, whose place is told beside this")]
pub(crate) struct Panicked;

/// Does some work; a panic in it ends this work alone.
pub(crate) async fn unless_it_panics<T>(work: impl Future<Output = T>) -> Result<T, Panicked> {
    let mut work = pin!(work);
    // It is not looked at again after a panic.
    poll_fn(|context| match catch_unwind(AssertUnwindSafe(|| work.as_mut().poll(context))) {
        Ok(polled) => polled.map(Ok),
        Err(_) => Poll::Ready(Err(Panicked)),
    })
    .await
}

/// From now on a panic is told by its place alone.
pub fn tell_panics_by_their_place() {
    set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        tracing::error!(place, "a panic: a mistake of ours, at this place");
    }));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_panic_ends_its_own_work_and_repeats_nothing() {
        let breaks = async {
            tokio::task::yield_now().await;
            panic!("about Ana Moura");
        };
        let broken: Result<(), Panicked> = unless_it_panics(breaks).await;
        assert!(!broken.unwrap_err().to_string().contains("Ana"));
        assert_eq!(unless_it_panics(async { 7 }).await.unwrap(), 7);
    }
}
