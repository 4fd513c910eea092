//! What is true after every step of every story anybody could invent.
//!
//! The house itself checks the laws after each wish; here it lives through random months of
//! several clients, and what it offers is tried out at every step.

use chrono::{DateTime, TimeDelta, Utc};
use proptest::{
    collection::vec,
    prelude::*,
    sample::{Index, select},
};

use super::{
    house::House,
    story::{complete, note, opt_in, tomas, wishes},
};
use crate::{
    Actor, AppointmentId, Approval, BookingWindow, CalendarAfter, ClientId, Command, Handbook,
    LetterKind, Outcome, ProposalId, Slot, StaffId, Stage, sample,
};

/// What somebody does next; what it is done to depends on where things stand by then.
#[derive(Debug, Clone)]
enum Deed {
    OptIn,
    Complete,
    OpenCalendar,
    Propose(Vec<Index>),
    ProposeAnything(Vec<i64>),
    Approve(Index),
    ApproveSomethingElse,
    Decline,
    Cancel,
    Record(bool),
    InviteAgain,
    InviteTo,
    Wait(u8, u64),
    Withdraw,
    LookForTime,
    LetPass,
    StopNudges,
    Close,
    LetterFails,
    SettleLetters,
    TimePasses,
}

#[derive(Debug, Clone)]
struct Step {
    seconds_later: i64,
    client: &'static str,
    actor: Actor,
    deed: Deed,
    /// Which of the slots on offer is tried out after it.
    probe: Index,
}

fn deeds() -> impl Strategy<Value = Deed> {
    let chosen = || vec(any::<Index>(), 0..5);
    prop_oneof![
        3 => Just(Deed::OptIn),
        4 => Just(Deed::Complete),
        2 => Just(Deed::OpenCalendar),
        6 => chosen().prop_map(Deed::Propose),
        1 => vec(any::<i64>(), 1..3).prop_map(Deed::ProposeAnything),
        5 => any::<Index>().prop_map(Deed::Approve),
        1 => Just(Deed::ApproveSomethingElse),
        2 => Just(Deed::Decline),
        2 => Just(Deed::Cancel),
        3 => any::<bool>().prop_map(Deed::Record),
        2 => Just(Deed::InviteAgain),
        1 => Just(Deed::InviteTo),
        3 => (0_u8..24, 0_u64..20).prop_map(|(hour, days)| Deed::Wait(hour, days)),
        1 => Just(Deed::Withdraw),
        3 => Just(Deed::LookForTime),
        1 => Just(Deed::LetPass),
        1 => Just(Deed::StopNudges),
        1 => Just(Deed::Close),
        1 => Just(Deed::LetterFails),
        1 => Just(Deed::SettleLetters),
        3 => Just(Deed::TimePasses),
    ]
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let seconds_later = prop_oneof![
        4 => Just(0),
        2 => Just(1),
        4 => 1..7_200_i64,
        2 => (1..96_i64).prop_map(|quarters| quarters * 900),
        1 => 86_400..864_000_i64,
    ];
    let client = prop_oneof![Just("ana"), Just("bruno"), Just("carla")];
    let actor = prop_oneof![3 => Just(tomas()), 2 => Just(Actor::Client), 1 => Just(Actor::Clock)];
    let step = (seconds_later, client, actor, deeds(), any::<Index>()).prop_map(
        |(seconds_later, client, actor, deed, probe)| Step {
            seconds_later,
            client,
            actor,
            deed,
            probe,
        },
    );
    vec(step, 1..60)
}

fn handbooks() -> impl Strategy<Value = Handbook> {
    let after = prop_oneof![Just(CalendarAfter::Questionnaire), Just(CalendarAfter::Reading)];
    let approval = prop_oneof![3 => Just(Approval::Staff), 1 => Just(Approval::Automatic)];
    let notice_hours = prop_oneof![Just(0), Just(2), Just(24)];
    // One provider, one of two, both together; alone or in a group.
    let parts: Vec<Vec<Vec<&str>>> =
        vec![vec![vec!["mara"]], vec![vec!["mara", "jon"]], vec![vec!["mara"], vec!["jon"]]];
    let team = (select(parts), 1_usize..3);
    (after, approval, notice_hours, team).prop_map(|(after, approval, notice_hours, team)| {
        sample::handbook_with(|handbook| {
            handbook.calendars.push(sample::calendar("jon"));
            let staff = |id: &str| StaffId::parse(id).unwrap();
            let part = |part: Vec<&str>| part.into_iter().map(staff).collect();
            handbook.sessions[0].parts = team.0.into_iter().map(part).collect();
            handbook.sessions[0].places = team.1;
            handbook.rules.calendar_after = after;
            handbook.rules.approval = approval;
            handbook.sessions[0].notice = TimeDelta::hours(notice_hours);
            handbook.sessions[0].window = BookingWindow::Days(7);
        })
    })
}

/// The beginnings of months with a clock change, with none, and with a turn of the year.
fn beginnings() -> impl Strategy<Value = DateTime<Utc>> {
    prop_oneof![
        Just(sample::utc("2026-10-20 08:00")),
        Just(sample::utc("2026-11-23 09:00")),
        Just(sample::utc("2026-12-28 22:00")),
        Just(sample::utc("2027-03-24 12:00")),
    ]
}

fn command(deed: &Deed, house: &House, client: &ClientId) -> Command {
    let file = house.file(client);
    let request = file.and_then(|file| file.request());
    let proposal =
        request.map_or_else(|| ProposalId::parse("none").unwrap(), |open| open.id.clone());
    let appointment = match file.map(|file| &file.stage) {
        Some(Stage::Booked { appointment, .. }) => appointment.id.clone(),
        _ => AppointmentId::parse("none").unwrap(),
    };
    let propose =
        |starts| Command::ProposeTimes { starts, with: None, zone: chrono_tz::Asia::Tokyo };
    match deed {
        Deed::OptIn => opt_in(client),
        Deed::Complete => complete(),
        Deed::OpenCalendar => Command::OpenCalendar,
        Deed::Propose(chosen) => {
            let offered = house.offers(client);
            let chosen = chosen.iter().filter(|_| !offered.is_empty());
            propose(chosen.map(|index| index.get(&offered).start).collect())
        }
        Deed::ProposeAnything(seconds) => {
            let starts = seconds.iter().filter_map(|at| DateTime::from_timestamp(*at, 0));
            propose(starts.chain([DateTime::<Utc>::MAX_UTC]).collect())
        }
        Deed::Approve(index) => {
            let start = request.map_or(house.now, |open| index.get(&open.times).slot.start);
            Command::ApproveTime { proposal, start }
        }
        Deed::ApproveSomethingElse => Command::ApproveTime { proposal, start: house.now },
        Deed::Decline => Command::DeclineTimes { proposal, note: note("no") },
        Deed::Cancel => Command::CancelAppointment { appointment, note: note("") },
        Deed::Record(came) => {
            let outcome = if *came { Outcome::Held } else { Outcome::NoShow };
            Command::RecordOutcome { appointment, outcome }
        }
        Deed::InviteAgain => Command::InviteAgain,
        Deed::InviteTo => Command::InviteTo { session: house.handbook.sessions[0].id.clone() },
        Deed::Wait(hour, days) => {
            let until = (house.now + TimeDelta::days(i64::try_from(*days).unwrap())).date_naive();
            let hours = format!("{hour:02}:00-24:00");
            let days = "Mon Tue Wed Thu Fri Sat Sun";
            Command::LeaveWishes { wishes: wishes(days, &hours, &until.to_string()) }
        }
        Deed::Withdraw => Command::WithdrawWishes,
        Deed::LookForTime => Command::OfferTime,
        Deed::LetPass => {
            let offered = file.and_then(|file| file.offered());
            Command::PassOffer { proposal: offered.map_or(proposal, |offer| offer.id.clone()) }
        }
        Deed::StopNudges => Command::StopNudges,
        Deed::Close => Command::CloseFile { note: note("") },
        Deed::LetterFails => Command::ReportLetterNotSent { letter: LetterKind::Calendar },
        Deed::SettleLetters => Command::SettleLetters,
        Deed::TimePasses => Command::TimePassed,
    }
}

/// Law 2: a time on offer is granted at once, and may be approved at once.
fn check_offer(house: &House, client: &ClientId, probe: Index) {
    let may_propose = |house: &House| {
        house
            .file(client)
            .is_some_and(|file| file.may_propose(house.handbook.rules.cut_offs, house.now).is_ok())
    };
    let offered = if may_propose(house) { house.offers(client) } else { vec![] };
    if offered.is_empty() {
        return;
    }
    let mut house = house.clone();
    let Slot { start, .. } = *probe.get(&offered);
    let propose = Command::ProposeTimes { starts: vec![start], with: None, zone: chrono_tz::UTC };
    house.wish(client, &Actor::Client, &propose).unwrap();
    if house.handbook.rules.approval == Approval::Staff && house.now < start {
        let proposal = house.file(client).unwrap().request().unwrap().id.clone();
        house.wish(client, &tomas(), &Command::ApproveTime { proposal, start }).unwrap();
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn the_laws_hold_whatever_happens(
        handbook in handbooks(),
        beginning in beginnings(),
        steps in steps(),
    ) {
        let mut house = House::new(handbook, beginning);
        for step in steps {
            house.now += TimeDelta::seconds(step.seconds_later);
            let client = ClientId::parse(step.client).unwrap();
            let command = command(&step.deed, &house, &client);
            let is_tick = command == Command::TimePassed;
            // Nobody waits for what is open: half of those who wait find nothing, and all comes free
            // again afterwards.
            if matches!(step.deed, Deed::Wait(hour, _) if hour % 2 == 0) {
                house.close_for_months();
            }
            // A refusal is as good an answer as any; what counts is what is true afterwards.
            let _answer = house.wish(&client, &step.actor, &command);
            house.kept_free = None;
            if is_tick && house.file(&client).is_some() {
                house.tick(&client);
            }
            check_offer(&house, &client, step.probe);
        }
    }
}
