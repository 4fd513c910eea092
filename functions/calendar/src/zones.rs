//! The zones that the switcher offers.

use chrono_tz::Tz;

/// One or two cities for every offset in use where many people live.
const OFFERED: [Tz; 44] = {
    use chrono_tz::{Africa, America, Asia, Atlantic, Australia, Europe, Pacific};
    [
        Pacific::Honolulu,
        America::Anchorage,
        America::Los_Angeles,
        America::Denver,
        America::Phoenix,
        America::Chicago,
        America::Mexico_City,
        America::New_York,
        America::Toronto,
        America::Bogota,
        America::Halifax,
        America::Santiago,
        America::St_Johns,
        America::Sao_Paulo,
        America::Argentina::Buenos_Aires,
        Atlantic::Azores,
        Atlantic::Cape_Verde,
        Europe::Lisbon,
        Europe::London,
        Europe::Dublin,
        Europe::Madrid,
        Europe::Paris,
        Europe::Berlin,
        Europe::Stockholm,
        Europe::Athens,
        Europe::Kyiv,
        Africa::Lagos,
        Africa::Johannesburg,
        Africa::Cairo,
        Africa::Nairobi,
        Europe::Istanbul,
        Asia::Dubai,
        Asia::Tehran,
        Asia::Karachi,
        Asia::Kolkata,
        Asia::Kathmandu,
        Asia::Dhaka,
        Asia::Bangkok,
        Asia::Singapore,
        Asia::Shanghai,
        Asia::Tokyo,
        Australia::Adelaide,
        Australia::Sydney,
        Pacific::Auckland,
    ]
};

/// The zones to choose from, those of the reader and of the practice among them.
pub(crate) fn offered(reader: Tz, practice: Tz) -> Vec<Tz> {
    let mut zones = OFFERED.to_vec();
    for zone in [practice, reader] {
        if !zones.contains(&zone) {
            zones.insert(0, zone);
        }
    }
    zones
}
