//! One type per kind of id, so that two kinds can never be mixed. A copy costs nothing: sheets hold
//! thousands of them.

use std::{fmt, sync::Arc};

/// Why a text is not an id.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("an id has 1 to 64 lower-case letters, digits or hyphens")]
pub struct InvalidId;

const LENGTH_MAX: usize = 64;

fn is_id(text: &str) -> bool {
    (1..=LENGTH_MAX).contains(&text.len())
        && text.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-'))
}

macro_rules! id {
    ($(#[$meta:meta])* $name:ident) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(Arc<str>);

        impl $name {
            /// Reads an id: 1 to 64 lower-case letters, digits or hyphens.
            pub fn parse(text: &str) -> Result<Self, InvalidId> {
                if is_id(text) { Ok(Self(text.into())) } else { Err(InvalidId) }
            }

            /// The id as text, fit for keys and addresses.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

id!(
    /// Names a practice; the first part of every key and address.
    PracticeId
);
id!(
    /// Names a client file. Derived from the address by a secret, so it tells nothing.
    ClientId
);
id!(
    /// Names a member of staff, and the calendar of a provider.
    StaffId
);
id!(
    /// Names a stretch of time that staff keep free.
    BlockId
);
id!(
    /// Names a session type of the handbook.
    SessionTypeId
);
id!(
    /// Names a questionnaire of the handbook.
    QuestionnaireId
);
id!(
    /// Names a question inside its questionnaire.
    QuestionId
);
id!(
    /// Names one wish. The same wish sent twice carries the same id.
    CommandId
);
id!(
    /// Names a set of times that a client asked for.
    ProposalId
);
id!(
    /// Names an appointment through all its moves.
    AppointmentId
);

impl ProposalId {
    /// The proposal that this wish makes: the same wish always makes the same one.
    pub fn of(command: &CommandId) -> Self {
        Self(command.0.clone())
    }
}

impl AppointmentId {
    /// The appointment that this wish makes: the same wish always makes the same one.
    pub fn of(command: &CommandId) -> Self {
        Self(command.0.clone())
    }
}
