//! The local house's own pages: home, mailbox, clock. No practice ever shows them.
//!
//! They wear the practice's stylesheet under a bar that says what they are, so that nobody
//! takes the mailbox for a part of the practice.

mod clock;
mod frame;
mod home;
mod mailbox;

pub use clock::clock;
pub use home::{HousePage, home};
pub use mailbox::{MailLine, MailPage, mail, mailbox};

#[cfg(test)]
mod tests;
