//! What an operator does to a house: practices come and go, copies are taken and brought back, a
//! house is put onto AWS, looked after there, and taken down.
//!
//! A house is kept in a data folder or in the tables of a stack; the commands are the same
//! ([`Premises`]). What AWS is asked besides its tables goes through its own command line
//! ([`Aws`]), which every operator has, and which knows how they sign in.
//!
//! Start reading at [`PracticesCommand`] for what both kinds of house have, at [`deploy`] for the
//! cloud.

mod aws;
mod closing;
mod copies;
mod copy_file;
mod costs;
mod dead_letters;
mod deploy;
mod doctor;
mod folder;
mod link_fingerprints;
mod load;
mod mail;
mod operator;
mod outputs;
mod practices;
mod premises;
mod private_file;
mod problem;
mod recovery;
mod secrets;
mod stack;
mod status;
mod teardown;

pub use aws::{Aws, AwsProblem};
pub use copy_file::{CopyProblem, CopySummary, read_copy, write_copy};
pub use costs::costs;
pub use deploy::{Architecture, Deployment, deploy};
pub use doctor::doctor;
pub use folder::{FolderProblem, read_practice};
pub use link_fingerprints::{remember_fingerprints, see_that_links_open};
pub use load::load_practice;
pub use operator::{Operator, Terminal};
pub use outputs::OUTPUTS;
pub use practices::{PracticesCommand, carry_out};
pub use premises::Premises;
pub use private_file::{fresh_private_file, new_private_file};
pub use problem::OperateProblem;
pub use stack::{Stack, StackName};
pub use status::status;
pub use teardown::{Teardown, teardown};
