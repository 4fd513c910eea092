//! `zone`: a time zone by its name.

use chrono_tz::{TZ_VARIANTS, Tz};

use crate::{
    mistake::{nearest, quoted},
    prose::Form::Line,
    reader::Reader,
};

/// Reads the key `zone`.
pub(crate) fn read(reader: &mut Reader<'_>) -> Option<Tz> {
    let name = reader.text("zone", Line(64))?;
    let zone = name.parse().ok();
    if zone.is_none() {
        let names = || TZ_VARIANTS.iter().map(|zone| zone.name());
        let is_city = |zone: &&str| zone.rsplit('/').next() == Some(name.as_str());
        let meant = names().find(is_city).or_else(|| nearest(&name, names()));
        let example = quoted(meant.unwrap_or("Europe/Lisbon"));
        let advice = match meant {
            Some(_) => format!("did you mean {example}?"),
            None => format!("write region and city, like {example}"),
        };
        let words = format!("`zone` must be a time zone; {} is none: {advice}", quoted(&name));
        reader.mistake("zone", words);
    }
    zone
}
