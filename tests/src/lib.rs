//! A small language for living through a practice's days: visitors, staff, a mailbox, a clock
//! that is moved by hand, and one seed for everything that is left to chance.
//!
//! The house is the real one, in memory; only clock, chance and post office are ours. Start
//! reading at [`World`].

#![expect(clippy::missing_panics_doc, reason = "every verb here ends the test it fails in")]

mod world;
mod browser;
mod letter;
mod visitor;
mod staff;
mod seed;
mod counted;
mod tables;
mod guarded;
pub mod rights;
pub mod roles;
pub mod template;
mod environment;
mod processor;
pub mod faults;
mod feeds;
mod gated;
mod kept;
mod measured_funnel;
pub mod races;
pub mod programs;

pub use browser::{Answered, Browser};
pub use counted::{CallsByKind, CountedTables};
pub use environment::Given;
pub use feeds::FakeFeeds;
pub use gated::GatedTables;
pub use guarded::GuardedTables;
pub use kept::{Kept, Typist};
pub use letter::{Letter, is_code};
pub use measured_funnel::MeasuredFunnel;
pub use processor::{ProcessorTime, Spent, resident_megabytes};
pub use seed::SeededChance;
pub use staff::StaffMember;
pub use tables::TestTables;
pub use visitor::Visitor;
pub use world::{Edits, World, moment};
