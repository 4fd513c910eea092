//! One stylesheet for all pages, in the practice's two colours.
//!
//! The sheets name colours by what they are for; here the two that a practice chooses become
//! all of them, each dark enough to be read where it stands.

use std::fmt::Write as _;

use domain::{Colour, Colours, Handbook};

const WHITE: Colour = Colour([255; 3]);
const INK: Colour = Colour([0x1d, 0x1a, 0x17]);

/// The stylesheet of a practice.
pub fn style(handbook: &Handbook) -> String {
    sheet(handbook.colours)
}

/// The stylesheet of pages that belong to no practice.
pub fn neutral_style() -> String {
    sheet(Colours { accent: Colour([0x3b, 0x4a, 0x54]), paper: Colour([0xfa, 0xf8, 0xf5]) })
}

fn sheet(Colours { accent, paper }: Colours) -> String {
    let ink = mix(INK, accent, 12);
    let grounds = [paper, WHITE, mix(paper, accent, 7)];
    let colours = [
        ("accent", accent),
        ("accent-deep", mix(accent, INK, 28)),
        ("on-accent", WHITE), // no handbook has an accent too pale for it
        ("paper", paper),
        ("surface", mix(paper, WHITE, 70)),
        ("tint", mix(paper, accent, 7)),
        ("tint-deep", mix(paper, accent, 14)),
        ("line", mix(paper, ink, 14)),
        ("field", dark_enough(mix(paper, ink, 40), ink, &grounds, 3.2)),
        ("ink", ink),
        ("muted", dark_enough(mix(paper, ink, 60), ink, &grounds, 5.0)),
    ];
    let mut sheet = String::from(":root{");
    for (name, Colour([red, green, blue])) in colours {
        write!(sheet, "--{name}:#{red:02x}{green:02x}{blue:02x};").expect("a String takes it all");
    }
    sheet.push_str("}\n");
    sheet.push_str(include_str!("style/base.css"));
    sheet.push_str(include_str!("style/visitor.css"));
    sheet.push_str(include_str!("style/desk.css"));
    sheet
}

/// `a` with `percent` of `b` in it.
fn mix(Colour(a): Colour, Colour(b): Colour, percent: u16) -> Colour {
    let channel = |a: u8, b: u8| {
        let sum = u16::from(a) * (100 - percent) + u16::from(b) * percent;
        u8::try_from(sum / 100).unwrap_or(u8::MAX)
    };
    Colour([channel(a[0], b[0]), channel(a[1], b[1]), channel(a[2], b[2])])
}

/// The first colour from `light` towards `dark` that keeps this contrast on every ground.
fn dark_enough(light: Colour, dark: Colour, grounds: &[Colour], contrast: f64) -> Colour {
    (0..=100)
        .step_by(4)
        .map(|percent| mix(light, dark, percent))
        .find(|colour| grounds.iter().all(|ground| contrast <= colour.contrast(*ground)))
        .unwrap_or(dark)
}
