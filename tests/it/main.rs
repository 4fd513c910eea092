//! The whole house, lived through: one binary for all integration tests.

mod funnel;
