//! The practice of `practices/harbour`: its letters and policy as they are there.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use chrono::TimeDelta;
use chrono_tz::Tz;
use domain::{
    Approval, Buffers, Cadence, Calendar, CalendarAfter, Choice, Colour, Colours, EmailAddress,
    Handbook, Limits, MinuteOfDay, PersonName, Policy, Practice, PracticeId, Questionnaire,
    QuestionnaireId, Role, Rules, SessionType, SessionTypeId, Staff, StaffId, TimeSpan, Voice,
};

/// Harbour's letters by name.
pub(super) fn letters() -> BTreeMap<String, String> {
    let folder = harbour().join("letters");
    let files = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
    files.map(|path| (path.file_stem().unwrap().display().to_string(), read(&path))).collect()
}

fn harbour() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../practices/harbour")
}

#[expect(clippy::disallowed_methods, reason = "tests read the example practice from its folder")]
fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap()
}

pub(super) fn handbook() -> Handbook {
    let minute = |text: &str| MinuteOfDay::parse(text).unwrap();
    let cadence = || Cadence { nudges_after: vec![], task_after: TimeDelta::days(3) };
    let words = String::new;
    Handbook {
        version: words(),
        practice: Practice {
            id: PracticeId::parse("harbour").unwrap(),
            name: "Harbour Coaching".into(),
            tagline: words(),
            zone: Tz::Europe__Lisbon,
            email: EmailAddress::parse("hello@harbour.example").unwrap(),
            phone: Some("+351 200 555 014".into()),
            address: "Harbour Coaching, Rua do Cais 14, 1200-000 Lisboa, Portugal".into(),
        },
        colours: Colours { accent: Colour([0x1f, 0x55, 0x60]), paper: Colour([0xfa, 0xf6, 0xef]) },
        voice: Voice {
            opt_in_title: words(),
            opt_in_lead: words(),
            opt_in_button: words(),
            consent: words(),
            thanks: words(),
            calendar_lead: words(),
        },
        staff: vec![Staff {
            id: StaffId::parse("mara").unwrap(),
            name: PersonName::parse("Mara Lindqvist").unwrap(),
            email: EmailAddress::parse("mara@harbour.example").unwrap(),
            roles: vec![Role::Owner, Role::Provider],
        }],
        calendars: vec![Calendar {
            provider: StaffId::parse("mara").unwrap(),
            hours: vec![],
            overrides: vec![],
            closed: vec![],
            travels: vec![],
            limits: Limits::default(),
        }],
        sessions: vec![SessionType {
            id: SessionTypeId::parse("first-conversation").unwrap(),
            name: "First conversation".into(),
            questionnaire: QuestionnaireId::parse("first").unwrap(),
            length: TimeDelta::minutes(50),
            buffers: Buffers { before: TimeDelta::zero(), after: TimeDelta::minutes(10) },
            every: TimeDelta::minutes(30),
            notice: TimeDelta::hours(24),
            window: domain::BookingWindow::Days(30),
            offset: TimeDelta::zero(),
            hours: None,
            parts: vec![vec![StaffId::parse("mara").unwrap()]],
            choice: Choice::FairTurn,
            places: 1,
            by_invitation: false,
            proposals_max: 3,
            hold: TimeDelta::hours(24),
            place: "By video, in any browser: https://meet.harbour.example/mara_l".into(),
        }],
        questionnaires: BTreeMap::from([(
            QuestionnaireId::parse("first").unwrap(),
            Questionnaire {
                id: QuestionnaireId::parse("first").unwrap(),
                title: words(),
                lead: words(),
                sections: vec![],
            },
        )]),
        letters: letters(),
        policy: Policy { text: read(&harbour().join("policy.md")) },
        rules: Rules {
            calendar_after: CalendarAfter::Questionnaire,
            approval: Approval::Staff,
            cut_offs: domain::CutOffs::default(),
            staff_reminder: TimeDelta::hours(12),
            questionnaire_nudges: cadence(),
            times_nudges: cadence(),
            agenda_at: minute("07:00"),
            day_before_at: minute("10:00"),
            nudges_between: TimeSpan { from: minute("09:00"), to: minute("18:00") },
        },
    }
}
