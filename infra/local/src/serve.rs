//! The doors of the house: every function's router behind one address.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use axum::{
    Router,
    extract::{ConnectInfo, Request, State},
    middleware::{Next, from_fn_with_state},
};
use chrono::TimeDelta;
use shell::{RequestId, Shell, Source};
use tokio::{net::TcpListener, sync::Notify, time::MissedTickBehavior};

use crate::{House, HouseProblem, Mailbox, Time, pages};

/// Every router of the house behind one address.
pub fn router(house: &House) -> Router {
    let shell = || house.shell.clone();
    // Each function brings its own fallback; here, one answers for all.
    [questionnaire::router(shell()), calendar::router(shell()), desk::router(shell())]
        .into_iter()
        .fold(opt_in::router(shell()), |all, one| all.merge(one.reset_fallback()))
}

/// Serves the house until somebody stops it.
pub async fn serve(
    house: House,
    mailbox: Arc<Mailbox>,
    own_pages: pages::OwnPages,
    listener: TcpListener,
    stopped: impl Future<Output = ()> + Send + 'static,
) -> Result<(), HouseProblem> {
    let closing = Arc::new(Notify::new());
    let ticking = tokio::spawn(tick(house.clone(), Arc::clone(&closing)));
    let shell = house.shell.clone();
    let doors = router(&house)
        .merge(pages::router(house, mailbox, own_pages))
        .layer(from_fn_with_state(shell, tell_of_request))
        .into_make_service_with_connect_info::<SocketAddr>();
    let served = axum::serve(listener, doors).with_graceful_shutdown(stopped).await;
    // What has begun is finished: nothing is cut off in the middle of a request to the tables.
    closing.notify_one();
    drop(ticking.await);
    served.map_err(HouseProblem::Server)
}

/// Delivers letters as they are written, and each second does what is due, until `closing`.
pub async fn tick(house: House, closing: Arc<Notify>) {
    let mut seconds = tokio::time::interval(Duration::from_secs(1));
    seconds.set_missed_tick_behavior(MissedTickBehavior::Delay);
    // A letter that was claimed and not sent is found again when its minute is over.
    let mut minutes = tokio::time::interval(Duration::from_mins(1));
    minutes.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            () = closing.notified() => return,
            _ = minutes.tick() => {
                if let Err(problem) = house.take_up_letters().await {
                    tracing::error!(%problem, "the outbox could not be looked at");
                }
            }
            letter = house.next_letter() => match letter {
                Some(letter) => house.deliver(&letter).await,
                None => return,
            },
            _ = seconds.tick() => {
                // A clock that is moved by hand runs on between two moves.
                if let Time::Manual(clock) = &house.time {
                    clock.advance(TimeDelta::seconds(1));
                }
                if let Err(problem) = house.settle().await {
                    let problem = problem.for_the_log();
                    tracing::error!(problem, "the house could not do what is due");
                }
            }
        }
    }
}

/// Tells the functions what the server in front of them knows of a request in the cloud: where it
/// comes from, and what it is called.
async fn tell_of_request(
    State(shell): State<Shell>,
    mut request: Request,
    next: Next,
) -> axum::response::Response {
    request.extensions_mut().insert(RequestId(shell.word()));
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
    if let Some(peer) = peer {
        request.extensions_mut().insert(Source(peer.to_string()));
    }
    next.run(request).await
}
