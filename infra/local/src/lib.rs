//! The whole house in one process: every router, the embedded tables, the clock that ticks,
//! the post that delivers into a mailbox on this machine.
//!
//! It deliberately adds no behaviour: what a visitor, a member of staff or the clock does here
//! goes through the same functions as in the cloud.
//!
//! Start reading at [`House`].

pub mod tables;
mod house;
mod mailbox;
mod data_folder;
mod pages;
mod serve;
mod problem;
mod mail_peer;
mod check_command;
mod kept_house;
mod clock_command;
mod slots_command;

pub use check_command::check_practice;
pub use clock_command::move_clock;
pub use data_folder::{DataFolder, Time};
pub use house::House;
pub use kept_house::KeptHouse;
pub use mail_peer::{lambda_environment, mail_peer};
pub use mailbox::{Mailbox, StoredMail};
pub use pages::OwnPages;
pub use problem::HouseProblem;
pub use serve::{router, serve, tick};
pub use slots_command::print_slots;
