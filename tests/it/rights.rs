//! Each function may do what it was seen to do, and nothing else.
//!
//! That nothing is missing every other test shows: their tables refuse what the template does not
//! grant. Here somebody goes through the whole house, and every right has to be used on the way.

use std::{
    collections::BTreeSet,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use chrono::TimeDelta;
use shell::{Deadline, Mail, PostError, PostOffice, Sending};
use tests::{
    Edits, GuardedTables, StaffMember, TestTables, Visitor, World, moment,
    rights::{Policy, Right},
    template::Template,
};

#[tokio::test]
async fn no_function_has_a_right_that_it_never_uses() {
    let mut used = Box::pin(a_call_with_everything_around_it()).await;
    used.extend(Box::pin(a_time_that_comes_free()).await);
    used.extend(Box::pin(calendars_of_others()).await);
    used.extend(Box::pin(mail_that_nobody_takes()).await);
    used.extend(what_the_night_finds().await);
    let granted = Policy::of(&Template::read()).granted();
    let unused: Vec<String> = granted.difference(&used).map(Right::to_string).collect();
    assert_eq!(unused, Vec::<String>::new());
    // The other way round every test asserts it, this one with the most.
    let missing: Vec<String> = used.difference(&granted).map(Right::to_string).collect();
    assert_eq!(missing, Vec::<String>::new());
}

/// The whole funnel, and every page of the desk.
async fn a_call_with_everything_around_it() -> BTreeSet<Right> {
    let world = World::with(|practice| {
        practice.replace("practice.toml", "# [limits]", "[limits]\nsessions_a_week = 20");
    })
    .await;
    let mut ana = world.visitor("Ana Moura");
    ana.browser.source = Some("192.0.2.7".to_owned());
    // Functions share a house here, and so the handbook that one of them has read.
    world.house.shell.forget_handbooks();
    ana.opts_in().await.expect(200);
    let questionnaire = ana.link("/questionnaire/");
    world.house.shell.forget_handbooks();
    let page = ana.browser.get(&questionnaire).await.expect(200);
    let draft = [("goal", "To think"), ("key", &*page.field("key"))];
    ana.browser.post(&format!("{questionnaire}/save"), &draft).await;
    ana.completes_questionnaire().await.expect(200);
    world.house.shell.forget_handbooks();
    let times: Vec<String> = ana.times().await.into_iter().take(2).collect();
    ana.proposes(&times).await.expect(200);
    let mut mara = world.owner();
    mara.browser.source = Some("192.0.2.8".to_owned());
    mara.signs_in().await;
    mara.declines(&ana, "").await.expect(200);
    ana.proposes(&times).await.expect(200);
    mara.approves(&ana, &times[0]).await.expect(200);
    looks_at_everything(&mut mara, &ana).await;
    keeps_a_day_free(&mut mara, "2026-12-01").await;
    changes_a_text(&mut mara).await;
    ana.cancels("").await.expect(200);
    let end = world.now() + TimeDelta::days(3);
    world.until(end).await;
    let page = mara.browser.get("/harbour/desk/sessions").await.expect(200);
    let sign_out = [("guard", &*page.field("guard"))];
    mara.browser.post("/harbour/desk/sign-out", &sign_out).await.expect(200);
    world.used_rights()
}

async fn looks_at_everything(staff: &mut StaffMember<'_>, visitor: &Visitor<'_>) {
    let file = staff.file_of(visitor).await;
    let desk = "/harbour/desk".to_owned();
    let pages = ["", "/calendar", "/calendar/others", "/calendar/phone", "/handbook", "/clients"];
    let pages = pages.iter().map(|page| format!("{desk}{page}"));
    for page in pages.chain([file.clone(), format!("{file}/answers.pdf")]) {
        staff.browser.get(&page).await.expect(200);
    }
}

async fn keeps_a_day_free(staff: &mut StaffMember<'_>, date: &str) {
    let calendar = "/harbour/desk/calendar";
    let page = staff.browser.get(calendar).await.expect(200);
    let (key, guard) = (page.field("key"), page.field("guard"));
    let fields = [
        ("key", key.as_str()),
        ("guard", &guard),
        ("date", date),
        ("from", "09:00"),
        ("last", date),
        ("to", "12:00"),
        ("note", "the dentist"),
    ];
    staff.browser.post(calendar, &fields).await.expect(200);
}

async fn changes_a_text(staff: &mut StaffMember<'_>) {
    let path = "/harbour/desk/handbook";
    let page = staff.browser.get(&format!("{path}?file=practice.toml")).await.expect(200);
    let (key, guard, version) = (page.field("key"), page.field("guard"), page.field("version"));
    let text = page.textarea("text").replace("notice_hours = 24", "notice_hours = 12");
    let fields = [
        ("key", key.as_str()),
        ("guard", &guard),
        ("version", &version),
        ("file", "practice.toml"),
        ("text", &text),
    ];
    staff.browser.post(path, &fields).await.expect(200);
}

/// The waiting list: somebody waits, a time comes free and is held for them by the clock.
async fn a_time_that_comes_free() -> BTreeSet<Right> {
    let world = World::with(one_time_a_week).await;
    let mut first = world.visitor("First Comer");
    let time = first.asks_for_times(1).await.remove(0);
    let mut assistant = world.assistant();
    assistant.signs_in().await;
    assistant.approves(&first, &time).await.expect(200);
    let mut ana = world.visitor("Ana Moura");
    ana.may_choose().await;
    let calendar = ana.link("/calendar/");
    let page = ana.browser.get(&calendar).await.expect(200);
    let key = page.field("key");
    let wishes = [
        ("key", key.as_str()),
        ("weekday", "wed"),
        ("from", "09:00"),
        ("to", "12:00"),
        ("until", "2026-12-18"),
        ("zone", "Europe/Lisbon"),
    ];
    ana.browser.post(&format!("{calendar}/wishes"), &wishes).await.expect(200);
    first.cancels("").await.expect(200);
    world.after(TimeDelta::minutes(2)).await;
    assert!(ana.last_letter().subject.contains("a time has come free"));
    // A week on, the list finds a day that nobody has touched yet.
    world.after(TimeDelta::days(7)).await;
    world.used_rights()
}

fn one_time_a_week(practice: &mut Edits) {
    for day in ["monday", "tuesday", "thursday"] {
        let hours = format!("{day} = [\"09:00-12:30\", \"14:00-17:30\"]");
        practice.replace("practice.toml", &hours, "");
    }
    let mut set = |from, to| practice.replace("practice.toml", from, to);
    set("wednesday = [\"09:00-12:30\", \"14:00-17:30\"]", "wednesday = [\"10:00-11:00\"]");
    set("friday = [\"09:00-12:30\"]", "");
    set("open = [\"10:00-13:00\"]", "open = []");
    set("booking_days = 30", "booking_days = 7");
}

/// A calendar that somebody else keeps, and one that a phone reads.
async fn calendars_of_others() -> BTreeSet<Right> {
    const ADDRESS: &str = "https://calendar.example.com/private/mara.ics";
    let world = World::new().await;
    let mut ana = world.visitor("Ana Moura");
    let mut assistant = world.assistant();
    assistant.books(&mut ana).await;
    let ics = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//y\r\nEND:VCALENDAR\r\n";
    world.feeds.put(ADDRESS, ics);
    for (page, own) in [
        (
            "/harbour/desk/calendar/others",
            [("name", "My own"), ("address", ADDRESS), ("grace", "24")],
        ),
        ("/harbour/desk/calendar/phone", [("titles", "names"), ("name", ""), ("grace", "")]),
    ] {
        let form = assistant.browser.get(page).await.expect(200);
        let (key, guard) = (form.field("key"), form.field("guard"));
        let mut fields = vec![("key", key.as_str()), ("guard", &*guard)];
        fields.extend(own);
        assistant.browser.post(page, &fields).await.expect(200);
    }
    let page = assistant.browser.get("/harbour/desk/calendar/phone").await.expect(200);
    let address = page.body.split("/feed/").nth(1).and_then(|rest| rest.split('"').next());
    let address = format!("/harbour/feed/{}", address.expect("an address"));
    world.browser().get(&address).await.expect(200);
    world.after(TimeDelta::minutes(40)).await;
    for path in ["/harbour/desk/calendar/others", "/harbour/desk/calendar/phone"] {
        let page = assistant.browser.get(path).await.expect(200);
        let (key, guard, ended) = (page.field("key"), page.field("guard"), page.field("end"));
        let fields = [("key", &*key), ("guard", &guard), ("end", &ended)];
        assistant.browser.post(path, &fields).await.expect(200);
    }
    world.used_rights()
}

/// A post office that is closed, and the next time for good.
#[derive(Default)]
pub(crate) struct Closed(AtomicBool);

impl PostOffice for Closed {
    fn send(&self, _: Mail) -> Sending<'_> {
        let is_for_good = self.0.swap(true, Ordering::SeqCst);
        let why = if is_for_good { PostError::Refused } else { PostError::Later };
        Box::pin(async move { Err(why("closed".into())) })
    }
}

/// A letter that cannot be sent becomes a task.
async fn mail_that_nobody_takes() -> BTreeSet<Right> {
    let world = World::with_office(Arc::new(Closed::default())).await;
    let mut ana = world.visitor("Ana Moura");
    ana.opts_in().await.expect(200);
    world.after(TimeDelta::minutes(2)).await;
    assert_eq!(ana.file().await.tasks().len(), 1);
    world.used_rights()
}

/// Two letters that nobody has brought, and a file that was moved.
async fn what_the_night_finds() -> BTreeSet<Right> {
    let world = World::new().await;
    let mut ana = world.visitor("Ana Moura");
    ana.opts_in_quietly().await.expect(200);
    world.house.next_letter().await.expect("an announcement that gets lost");
    world
        .edit(|practice| {
            let cadence = "questionnaire_nudge_days = [1, 3, 7]";
            practice.replace("practice.toml", cadence, "questionnaire_nudge_days = [20, 30, 40]");
        })
        .await;
    world.asleep_until(moment("2026-11-24 08:00"));
    reminders::run(&world.house.shell, Deadline::NONE).await.expect("agendas");
    while tokio::time::timeout(Duration::ZERO, world.house.next_letter()).await.is_ok() {}
    world.until(moment("2026-11-25 04:00")).await;
    world.used_rights()
}

#[tokio::test]
async fn whoever_asks_for_more_is_refused() {
    let tables = TestTables::new();
    let guarded = GuardedTables::new(&tables);
    let client = tables.client_by(guarded.clone());
    let names = store::Tables::with_prefix("anteroom-");
    names.create(&client).await.unwrap();
    let practice = domain::PracticeId::parse("harbour").unwrap();
    let store = store::Store::new(client, names);
    let look = || async { store.all_files(&practice).await.map_err(shell::Problem::from) };
    assert_eq!(shell::at_work("desk", "a look", look()).await.unwrap(), []);
    let refused = shell::at_work("opt-in", "a look", look()).await.unwrap_err();
    assert!(refused.for_the_log().contains("AccessDenied"), "{}", refused.for_the_log());
    assert_eq!(guarded.refused(), ["opt-in: Query on clients, heads"]);
}
