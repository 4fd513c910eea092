//! Writes a copy of a practice in which a client stands at each point of the way: what tests of later
//! versions read.
//!
//! `cargo run -p tests --example copy_of_a_practice -- tests/data/copies/form-1.jsonl`, once for each
//! form in which items were ever released; never again for an old one.

use std::{env, path::Path};

use chrono::TimeDelta;
use shell::{LinkKeys, LinkSecret};
use tests::{Typist, World};

fn main() {
    let file = env::args().nth(1).expect("where to write it");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.expect("a runtime").block_on(async {
        let world = World::new().await;
        live(&world).await;
        let keys = LinkKeys::new(LinkSecret::new([7; 32]));
        let store = &world.house.shell.store;
        let typist = Typist::who_types("");
        operate::write_copy(store, None, &keys, world.now(), Path::new(&file), &typist)
            .await
            .expect("a copy");
    });
}

/// A few days, at the end of which there is somebody at every point of the way.
async fn live(world: &World) {
    let mut assistant = world.assistant();
    let mut held = world.visitor("Held");
    assistant.books(&mut held).await;
    let mut cancelled = world.visitor("Cancelled");
    assistant.books(&mut cancelled).await;
    cancelled.cancels("").await.expect(200);
    let start = held.appointment().await.slot.start;
    world.until(start + TimeDelta::hours(2)).await;
    assistant.signs_in().await;
    assistant.records(&held, "held").await.expect(200);

    world.visitor("Invited").opts_in().await.expect(200);
    world.visitor("Choosing").may_choose().await;
    world.visitor("Asking").asks_for_times(3).await;
    let mut booked = world.visitor("Booked");
    assistant.books(&mut booked).await;
    let mut moving = world.visitor("Moving");
    assistant.books(&mut moving).await;
    let other: Vec<String> = moving.times().await.into_iter().take(1).collect();
    moving.proposes(&other).await.expect(200);
}
