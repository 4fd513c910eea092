//! What a stack tells of itself when it is there: the outputs of the template, by their names.

/// Where the house is reached.
pub(crate) const ADDRESS: &str = "Address";

/// The API's own host.
pub(crate) const API_HOST: &str = "ApiHost";

/// Where the name of its domain must lead.
pub(crate) const DOMAIN_TARGET: &str = "DomainTarget";

/// Where alarms go.
pub(crate) const ALARM_TOPIC: &str = "AlarmTopicArn";

/// What the post could not do.
pub(crate) const POST_DEAD_LETTERS: &str = "PostDeadLettersUrl";

/// What the reminders could not do.
pub(crate) const REMINDERS_DEAD_LETTERS: &str = "RemindersDeadLettersUrl";

/// The records for the DNS of the mail domain.
pub(crate) const MAIL_RECORDS: [&str; 4] =
    ["DkimRecord1", "DkimRecord2", "DkimRecord3", "MailFromRecords"];

/// Every output that is read here. The template has them all.
pub const OUTPUTS: [&str; 10] = {
    let [first, second, third, fourth] = MAIL_RECORDS;
    [
        ADDRESS,
        API_HOST,
        DOMAIN_TARGET,
        ALARM_TOPIC,
        POST_DEAD_LETTERS,
        REMINDERS_DEAD_LETTERS,
        first,
        second,
        third,
        fourth,
    ]
};
