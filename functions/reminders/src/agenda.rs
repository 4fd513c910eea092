//! The day book: when the owner and the providers of a practice receive the agenda of the day.

use chrono::Days;
use domain::{Handbook, PracticeId, Role, StaffId, instant_of, local_date, next_local};
use shell::{Problem, Shell, request_at_work};
use store::Written;

/// Begins the day book of a practice that has none.
pub(crate) async fn open_day_book(shell: &Shell, practice: &PracticeId) -> Result<(), Problem> {
    if shell.store.day_book(practice).await?.is_some() {
        return Ok(());
    }
    let handbook = shell.handbook(practice).await?;
    let now = shell.now();
    let due = next_local(handbook.practice.zone, now, handbook.rules.agenda_at);
    // If somebody else began it meanwhile, it has begun.
    let written = Written { at: now, request: None };
    shell.store.put_day_book(practice, None, due, &[], written).await?;
    Ok(())
}

/// Writes the agendas of today, if their time has come, and turns to the next day. A page that comes
/// up before its hour, because the hour was changed or the house was away over night, is turned to
/// today's.
pub(crate) async fn turn_page(shell: &Shell, practice: &PracticeId) -> Result<(), Problem> {
    let now = shell.now();
    let Some(book) = shell.store.day_book(practice).await? else { return Ok(()) };
    if now < book.agenda_due {
        return Ok(());
    }
    let handbook: &Handbook = &*shell.handbook(practice).await?;
    let (zone, at) = (handbook.practice.zone, handbook.rules.agenda_at);
    let today = local_date(zone, now);
    let due = instant_of(zone, at.on(today));
    let (next, readers) = if now < due {
        (due, vec![])
    } else {
        (instant_of(zone, at.on(today + Days::new(1))), readers(handbook))
    };
    let agendas: Vec<_> = readers.into_iter().map(|reader| (reader, today)).collect();
    let request = request_at_work();
    let written = Written { at: now, request: request.as_ref().map(|id| id.0.as_str()) };
    if !shell.store.put_day_book(practice, Some(&book), next, &agendas, written).await? {
        tracing::info!(practice = practice.as_str(), "the day book was turned by another run");
    }
    // Whatever woke the waiting list in vain since yesterday, it is looked through today.
    shell.wake_list(handbook, true, now).await;
    Ok(())
}

/// Who gets an agenda: the owner of all calls, every provider of their own. Whether there is
/// anything to say is seen when it is written.
fn readers(handbook: &Handbook) -> Vec<&StaffId> {
    let owner = &handbook.in_role(Role::Owner).id;
    let providers = handbook.calendars.iter().map(|calendar| &calendar.provider);
    std::iter::once(owner).chain(providers.filter(|id| *id != owner)).collect()
}
