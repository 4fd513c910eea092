//! The whole house, lived through: one binary for all integration tests.

mod funnel;
mod opt_in;
mod questionnaire;
mod calendar;
mod desk;
mod follow_up;
mod races;
mod twice;
mod faults;
mod guards;
mod snapshots;
mod tidy;
