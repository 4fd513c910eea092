//! Whose calendar a page or a form of the desk is about.

use domain::StaffId;
use shell::Problem;

use crate::session::AtDesk;

impl AtDesk {
    /// The provider that a field names; whoever is usual, if it names none.
    pub(crate) fn provider_named(&self, name: &str) -> Result<&StaffId, Problem> {
        if name.is_empty() {
            return Ok(self.own_calendar());
        }
        let mut providers = self.0.handbook.calendars.iter().map(|calendar| &calendar.provider);
        providers.find(|provider| provider.as_str() == name).ok_or(Problem::NotFound)
    }

    /// One's own calendar; the first, for whoever has none.
    ///
    /// # Panics
    /// If there is no calendar at all: such a handbook was refused when it was read.
    pub(crate) fn own_calendar(&self) -> &StaffId {
        &self.0.handbook.calendar(&self.0.staff.id).provider
    }

    /// Whose calendar it is, where there are several.
    pub(crate) fn calendar_of(&self, provider: &StaffId) -> Option<String> {
        let handbook = &self.0.handbook;
        let has_several = 1 < handbook.calendars.len();
        has_several.then(|| handbook.names(std::slice::from_ref(provider)))
    }
}
