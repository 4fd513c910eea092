//! What is offered in place of a time that is gone.

use std::ops::Range;

use chrono::{DateTime, Utc};
use documents::pages::Lost;
use domain::Slot;

/// How many times are offered in place of one.
const COUNT: usize = 3;

/// For each time that is gone, the open ones around it.
///
/// No time is named twice, and none that is chosen already. A time outside `range` has nothing
/// around it in `slots`, so nothing is offered in its place.
pub(crate) fn in_place_of(
    gone: &[DateTime<Utc>],
    slots: &[Slot],
    range: &Range<DateTime<Utc>>,
    chosen: &[DateTime<Utc>],
) -> Vec<Lost> {
    let mut free: Vec<_> = slots.iter().map(|slot| slot.start).collect();
    free.retain(|start| !chosen.contains(start));
    let one = |&start: &DateTime<Utc>| {
        if !range.contains(&start) {
            return Lost { start, nearest: vec![] };
        }
        free.sort_by_key(|other| (*other - start).abs());
        let mut nearest: Vec<_> = free.drain(..COUNT.min(free.len())).collect();
        nearest.sort_unstable();
        Lost { start, nearest }
    };
    gone.iter().map(one).collect()
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    fn at(hour: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(hour * 3600, 0).unwrap()
    }

    #[track_caller]
    fn check(gone: &[i64], open: &[i64], chosen: &[i64], expected: &[&[i64]]) {
        let instants = |hours: &[i64]| hours.iter().map(|hour| at(*hour)).collect::<Vec<_>>();
        let slots: Vec<_> =
            open.iter().map(|hour| Slot::of(at(*hour), TimeDelta::minutes(50))).collect();
        let lost = in_place_of(&instants(gone), &slots, &(at(0)..at(100)), &instants(chosen));
        let nearest: Vec<_> = lost.into_iter().map(|lost| lost.nearest).collect();
        assert_eq!(nearest, expected.iter().map(|hours| instants(hours)).collect::<Vec<_>>());
    }

    #[test]
    fn the_nearest_times_are_offered_in_the_order_of_time() {
        check(&[10], &[2, 8, 9, 12, 13], &[], &[&[8, 9, 12]]);
        check(&[10], &[9, 40], &[], &[&[9, 40]]);
        check(&[10], &[], &[], &[&[]]);
    }

    #[test]
    fn what_is_chosen_is_not_offered_again() {
        check(&[10], &[8, 9, 11, 12], &[9], &[&[8, 11, 12]]);
    }

    #[test]
    fn two_lost_times_are_offered_different_ones() {
        check(&[10, 11], &[8, 9, 12, 13, 14], &[], &[&[8, 9, 12], &[13, 14]]);
    }

    #[test]
    fn nothing_is_offered_for_a_time_in_other_weeks() {
        check(&[100], &[98, 99], &[], &[&[]]);
    }
}
