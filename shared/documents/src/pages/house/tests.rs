use super::*;
use crate::pages::desk::{
    checks::check_page,
    sample::{handbook, now},
};

#[test]
fn every_page_of_the_house() {
    let handbook = handbook();
    let page = HousePage {
        handbook: &handbook,
        others: &[],
        opt_in: "/harbour",
        desk: "/harbour/desk",
        mailbox: "/house/mailbox",
        clock: Some(now()),
    };
    check_page("home", &home(&page).into_string());
    check_page("home", &home(&HousePage { clock: None, ..page }).into_string());
    let others = [std::sync::Arc::new(handbook.clone())];
    let shared = home(&HousePage { others: &others, ..page }).into_string();
    check_page("home", &shared);
    assert!(shared.contains("Also in this house"));
    check_page("clock", &clock(&handbook, now(), true).into_string());
    let fixed = clock(&handbook, now(), false).into_string();
    check_page("clock", &fixed);
    assert!(!fixed.contains("<form"));
    check_page("mailbox", &mailbox(&[], &handbook).into_string());
    let line = MailLine { id: "1".into(), at: now(), to: "<b>".into(), subject: "<i>".into() };
    let html = mailbox(&[line], &handbook).into_string();
    check_page("mailbox", &html);
    assert!(html.contains("/house/mailbox/1\"") && html.contains("&lt;i&gt;"));
}

#[test]
fn a_letter_is_shown_and_cannot_act() {
    let page = MailPage {
        id: "7".into(),
        headers: vec![("Subject".into(), "Times <b>".into())],
        text: "<b>\nhttp://localhost:8080/harbour/desk/sign-in/x".into(),
        has_html: true,
        attachments: vec![("a.ics".into(), "/house/mailbox/7/attachment/0".into(), 1_001)],
        eml: "/house/mailbox/7/message.eml".into(),
    };
    let html = mail(&page, &handbook()).into_string();
    check_page("mail", &html);
    let frame =
        "src=\"/house/mailbox/7/html\" sandbox=\"allow-popups allow-popups-to-escape-sandbox\"";
    assert!(html.contains(frame), "neither scripts nor forms");
    assert!(html.contains("<a href=\"http://localhost:8080/harbour/desk/sign-in/x\">"));
    assert!(html.contains("(2 kB)") && html.contains("Times &lt;b&gt;"));
    let plain = mail(&MailPage { has_html: false, ..page }, &handbook()).into_string();
    assert!(!plain.contains("<iframe"));
}
