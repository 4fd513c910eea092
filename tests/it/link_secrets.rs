//! Each practice is signed for with its own secret, and with no other house's.

use domain::PracticeId;
use operate::{
    PracticesCommand, Premises as _, carry_out, remember_fingerprints, see_that_links_open,
    write_copy,
};
use shell::{LinkKeys, LinkSecret};
use tests::{Kept, Typist, World};

use crate::copies::{
    SECRET, Scratch, called_haven, copy_of, empty_world, everything, keys, taken_in, with_its_sum,
};

#[tokio::test]
async fn the_secret_of_another_house_is_not_taken_for_ones_own() {
    let world = World::new().await;
    world.edit(called_haven).await;
    let (store, haven) = (&world.house.shell.store, PracticeId::parse("haven").unwrap());
    let typist = Typist::who_types("");
    let foreign = keys().with(haven.clone(), LinkSecret::new([9; 32]));
    let copied = async |practice: Option<&PracticeId>, file: &Scratch| {
        write_copy(store, practice, &foreign, world.now(), &file.0, &typist).await
    };
    let (all, one) = (Scratch::new("all"), Scratch::new("one"));
    for wanted in [None, Some(&haven)] {
        let refused = copied(wanted, &all).await.unwrap_err().to_string();
        assert!(refused.contains("the letters of haven were signed with another"), "{refused}");
    }
    copied(Some(&world.practice), &one).await.expect("its own secret is there");

    // A missing fingerprint is remembered only where all others are right.
    store.forget_link_fingerprint(&world.practice).await.unwrap();
    let before = everything(store).await;
    remember_fingerprints(store, &foreign).await.unwrap_err();
    assert_eq!(everything(store).await, before);
    remember_fingerprints(store, &keys()).await.unwrap();
    see_that_links_open(store, &keys()).await.unwrap();
    let elsewhere = LinkKeys::new(LinkSecret::new([8; 32]));
    see_that_links_open(store, &elsewhere).await.unwrap_err();

    // A copy that brings another secret than its practice was signed with.
    let whole = one.text();
    let own = keys().of(&world.practice).to_hex();
    assert!(whole.contains(&own));
    one.put(&with_its_sum(&whole.replace(&own, &"0f".repeat(32))));
    let other = empty_world().await;
    let there = &other.house.shell.store;
    let refused = taken_in(&Kept::new(there, 1), &one).await.unwrap_err().to_string();
    assert!(refused.contains("the links of harbour were signed with another secret"), "{refused}");
    assert!(everything(there).await.is_empty());
}

#[tokio::test]
async fn a_practice_with_another_secret_is_no_part_of_a_copy() {
    let world = World::new().await;
    world.edit(called_haven).await;
    let file = Scratch::new("both");
    copy_of(&world.house.shell.store, None, world.now(), &file).await.unwrap();
    let haven = PracticeId::parse("haven").unwrap();
    for is_foreign in [false, true] {
        // Cut off between the two handbooks.
        let other = empty_world().await;
        let store = &other.house.shell.store;
        taken_in(&Kept::new(store, 1), &file).await.unwrap();
        store.remove_handbook(&haven).await.unwrap();
        let keys = LinkKeys::new(LinkSecret::new([if is_foreign { 8 } else { SECRET }; 32]));
        store.forget_link_fingerprint(&other.practice).await.unwrap();
        let fingerprint = keys.fingerprint_of(&other.practice);
        store.keep_link_fingerprint(&other.practice, &fingerprint).await.unwrap();
        let house = Kept::new(store, if is_foreign { 8 } else { SECRET });
        let before = everything(store).await;
        let again = taken_in(&house, &file).await;
        assert_eq!(again.is_err(), is_foreign, "{again:?}");
        if let Err(refused) = again {
            assert!(refused.to_string().contains("harbour is here already"), "{refused}");
            assert_eq!(everything(store).await, before);
            assert_eq!(house.keys(), keys, "nor is a secret changed");
        }
    }
}

#[tokio::test]
async fn a_removal_that_was_cut_off_is_done_again() {
    let world = World::new().await;
    world.edit(called_haven).await;
    let (store, haven) = (&world.house.shell.store, PracticeId::parse("haven").unwrap());
    // One that came with a secret of its own.
    let brought = keys().with(haven.clone(), LinkSecret::new([9; 32]));
    store.forget_link_fingerprint(&haven).await.unwrap();
    store.keep_link_fingerprint(&haven, &brought.fingerprint_of(&haven)).await.unwrap();
    let house = Kept::new(store, SECRET);
    let typist = Typist::who_types("haven");
    house.keep_link_keys(&brought, &typist).await.unwrap();
    let does = async |command| carry_out(command, &house, &typist).await;
    does(PracticesCommand::Suspend { id: "haven".to_owned() }).await.unwrap();
    // Cut off where the secret is gone and the handbook is not.
    store.remove_all_but_handbook(&haven).await.unwrap();
    store.forget_link_fingerprint(&haven).await.unwrap();
    house.keep_link_keys(&keys(), &typist).await.unwrap();
    see_that_links_open(store, &house.keys()).await.expect("it is in nobody's way");
    does(PracticesCommand::Remove { id: "haven".to_owned() }).await.unwrap();
    assert!(store.handbook(&haven).await.unwrap().is_none());
}
