//! The commands for a house on AWS, against a stand-in for its command line, real tables and a real
//! house on loopback.
//!
//! The stand-in (`../data/stand-in/aws`) answers in the documented form; no account can be asked here.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on says so")]

mod copies;
mod deploying;
mod machine;
mod recovery;
