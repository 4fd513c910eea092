//! What must be so of every page, whatever it shows.

/// A light page, of the right shape.
#[track_caller]
pub(crate) fn check_page(name: &str, html: &str) {
    assert!(html.len() <= 20_000, "{name}: {} bytes", html.len());
    check_shape(name, html);
}

/// A whole page that needs neither script nor style, and whose every field has a label.
#[track_caller]
pub(crate) fn check_shape(name: &str, html: &str) {
    assert!(html.starts_with("<!DOCTYPE html><html lang=\"en\">"), "{name}");
    for landmark in ["<title>", "<h1", "<main"] {
        assert_eq!(html.matches(landmark).count(), 1, "{name}: {landmark}");
    }
    for inline in ["<script", "<style", " style=", " onclick=", " onload=", "javascript:"] {
        assert!(!html.contains(inline), "{name}: {inline}");
    }
    check_fields(name, html);
    check_forms(name, html);
    check_ids(name, html);
}

fn check_fields(name: &str, html: &str) {
    for (at, _) in html.match_indices("<input").chain(html.match_indices("<textarea")) {
        let (before, field) = html.split_at(at);
        let is_hidden = field.starts_with("<input type=\"hidden\"");
        let is_in_label = before.rfind("</label>") < before.rfind("<label>");
        assert!(is_hidden || is_in_label, "{name}: {field:.80}");
    }
}

fn check_forms(name: &str, html: &str) {
    for form in html.split("<form").skip(1) {
        let form = form.split("</form>").next().unwrap();
        // What only shows something may be an address; what changes something never is.
        let only_shows = form.contains(" method=\"get\"") && !form.contains("name=\"guard\"");
        assert!(only_shows || form.contains(" method=\"post\""), "{name}: {form}");
        assert!(form.contains("<button"), "{name}: {form}");
    }
}

fn check_ids(name: &str, html: &str) {
    let mut ids: Vec<&str> =
        html.split(" id=\"").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
    let count = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), count, "{name}: an id stands twice");
    for target in html.split("href=\"#").skip(1).map(|rest| rest.split('"').next().unwrap()) {
        assert!(ids.contains(&target), "{name}: #{target} leads nowhere");
    }
}
