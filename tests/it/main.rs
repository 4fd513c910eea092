//! The whole house, lived through: one binary for all integration tests.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on says so")]

mod funnel;
mod neighbours;
mod night;
mod deadlines;
mod operators;
mod other_rights;
mod opt_in;
mod others;
mod phone;
mod questionnaire;
mod calendar;
mod choosing;
mod copies;
mod copies_of_one_moment;
mod link_secrets;
mod deployed;
mod environment;
mod desk;
mod follow_up;
mod races;
mod rights;
mod roles;
mod twice;
mod upgrade;
mod waiting;
mod faults;
mod guards;
mod handbook;
mod snapshots;
mod team;
mod telemetry;
mod template;
mod tidy;
