//! The behaviour of the funnel, as stories: what somebody does at some moment, what follows,
//! where they then stand and what comes next.

mod appointment;
mod booking;
mod house;
mod laws;
mod letters;
mod matrix;
mod nudges;
mod opting_in;
mod story;
mod times;
mod waiting_list;
