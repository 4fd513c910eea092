//! `anteroom costs`: what a month comes to, from measured units and dated prices.
//!
//! Prices stand in `infra/aws/prices.toml`, units in `infra/aws/measured.toml`, which says what was
//! measured (by `infra/aws/figures`) and what is assumed.

use serde::Deserialize;

const PRICES: &str = include_str!("../../aws/prices.toml");
const MEASURED: &str = include_str!("../../aws/measured.toml");

/// A month has so many minutes, and so many hours.
const MINUTES: f64 = 43_800.0;
const HOURS: f64 = 730.0;
const NIGHTS: f64 = 30.4;

/// What is kept counts as it is after a year: nobody's answers are thrown away meanwhile.
const MONTHS_KEPT: f64 = 12.0;

const MILLION: f64 = 1_000_000.0;

#[derive(Debug, Deserialize)]
struct Prices {
    date: String,
    region: String,
    lambda: Lambda,
    http_api: HttpApi,
    dynamodb: DynamoDb,
    ses: Ses,
    cloudwatch: CloudWatch,
    scheduler: Scheduler,
    storage: Storage,
    keys: Keys,
}

#[derive(Debug, Deserialize)]
struct Lambda {
    gigabyte_second: f64,
    million_calls: f64,
    free_gigabyte_seconds: f64,
    free_calls: f64,
}

#[derive(Debug, Deserialize)]
struct HttpApi {
    million_requests: f64,
}

#[derive(Debug, Deserialize)]
struct DynamoDb {
    million_write_units: f64,
    million_read_units: f64,
    gigabyte_month: f64,
    free_gigabytes: f64,
    backup_gigabyte_month: f64,
}

#[derive(Debug, Deserialize)]
struct Ses {
    thousand_letters: f64,
    attached_gigabyte: f64,
}

#[derive(Debug, Deserialize)]
struct CloudWatch {
    alarm: f64,
    free_alarms: f64,
    metric: f64,
    free_metrics: f64,
    log_gigabyte: f64,
    free_log_gigabytes: f64,
    dashboard: f64,
    free_dashboards: f64,
}

#[derive(Debug, Deserialize)]
struct Scheduler {
    million_calls: f64,
    free_calls: f64,
}

#[derive(Debug, Deserialize)]
struct Storage {
    gigabyte_month: f64,
}

#[derive(Debug, Deserialize)]
struct Keys {
    million_requests: f64,
    free_requests: f64,
}

#[derive(Debug, Deserialize)]
struct Measured {
    date: String,
    booking: Booking,
    house: House,
}

/// What one booking takes, from the opt-in to the reminders.
#[derive(Debug, Deserialize)]
struct Booking {
    requests: f64,
    letters: f64,
    write_units: f64,
    read_units: f64,
    milliseconds: f64,
    log_kilobytes: f64,
    attached_kilobytes: f64,
    kept_kilobytes: f64,
    key_requests: f64,
}

/// What a house takes, whether anybody comes or not.
#[derive(Debug, Deserialize)]
struct House {
    gigabytes_of_memory: f64,
    calls_a_minute: f64,
    read_units_a_minute: f64,
    read_units_a_night_and_file: f64,
    milliseconds_a_minute: f64,
    log_kilobytes_a_minute: f64,
    calls_an_hour: f64,
    key_requests_a_minute: f64,
    alarms: f64,
    metrics: f64,
    dashboards: f64,
    program_megabytes: f64,
}

/// A line of the bill: what it is for, and what it comes to with and without AWS's allowances.
struct Line {
    what: &'static str,
    whole: f64,
    free: f64,
}

impl Line {
    /// So many units, of which AWS gives some.
    fn of(what: &'static str, units: f64, price: f64, given: f64) -> Self {
        Self { what, whole: units * price, free: units.min(given) * price }
    }
}

/// The bill of a month for each of these numbers of bookings, as a table.
///
/// # Panics
/// If one of the two files is not as it should be; a test reads both.
pub fn costs(bookings: &[u32], region: Option<&str>) -> String {
    let prices: Prices = toml::from_str(PRICES).expect("infra/aws/prices.toml is in order");
    let measured: Measured = toml::from_str(MEASURED).expect("infra/aws/measured.toml is in order");
    let bills: Vec<Vec<Line>> =
        bookings.iter().map(|&count| bill(&prices, &measured, f64::from(count))).collect();
    let mut lines = vec![
        format!("What a month costs, in US dollars without taxes: prices of {} in", prices.date),
        format!(
            "{}, units measured on {}, everything kept for a year.",
            prices.region, measured.date
        ),
        String::new(),
    ];
    if let Some(elsewhere) = region.filter(|region| *region != prices.region) {
        let words = format!("{elsewhere} may take up to a quarter more; AWS's price pages say it.");
        lines.insert(2, words);
    }
    let row = |what: &str, cells: Vec<String>| {
        let cells: Vec<String> = cells.iter().map(|cell| format!("{cell:>14}")).collect();
        format!("{what:<28}{}", cells.concat())
    };
    let dollars = |value: f64| format!("{value:.2}");
    lines.push(row("bookings", bookings.iter().map(ToString::to_string).collect()));
    for at in 0..bills.first().map_or(0, Vec::len) {
        let cells = bills.iter().map(|bill| dollars(bill[at].whole)).collect();
        lines.push(row(bills[0][at].what, cells));
    }
    let whole = |bill: &Vec<Line>| bill.iter().map(|line| line.whole).sum::<f64>();
    let free = |bill: &Vec<Line>| bill.iter().map(|line| line.free).sum::<f64>();
    lines.push(row("all together", bills.iter().map(|bill| dollars(whole(bill))).collect()));
    let given = bills.iter().map(|bill| dollars(-free(bill))).collect();
    lines.push(row("what AWS gives each account", given));
    let paid = bills.iter().map(|bill| dollars(whole(bill) - free(bill))).collect();
    lines.push(row("to be paid", paid));
    let each = bills.iter().zip(bookings).map(|(bill, &count)| {
        format!("{:.5}", (whole(bill) - free(bill)) / f64::from(count.max(1)))
    });
    lines.push(row("for each booking", each.collect()));
    lines.join("\n")
}

fn bill(prices: &Prices, measured: &Measured, bookings: f64) -> Vec<Line> {
    let Measured { booking, house, .. } = measured;
    let Prices { lambda, http_api, dynamodb, ses, cloudwatch, scheduler, storage, keys, .. } =
        prices;
    let clock_calls = house.calls_a_minute * MINUTES + house.calls_an_hour * HOURS;
    // A page is a call, and so is a letter.
    let calls = clock_calls + bookings * (booking.requests + booking.letters);
    let seconds =
        (house.milliseconds_a_minute * MINUTES + bookings * booking.milliseconds) / 1_000.0;
    // Each night looks at every file that is kept.
    let nights = house.read_units_a_night_and_file * NIGHTS * bookings * MONTHS_KEPT;
    let reads = house.read_units_a_minute * MINUTES + bookings * booking.read_units + nights;
    let logs = house.log_kilobytes_a_minute * MINUTES + bookings * booking.log_kilobytes;
    let opened = house.key_requests_a_minute * MINUTES + bookings * booking.key_requests;
    let kept = bookings * MONTHS_KEPT * booking.kept_kilobytes / MILLION;
    let attached = bookings * booking.attached_kilobytes / MILLION;
    vec![
        Line::of("Lambda, calls", calls, lambda.million_calls / MILLION, lambda.free_calls),
        Line::of(
            "Lambda, time",
            seconds * house.gigabytes_of_memory,
            lambda.gigabyte_second,
            lambda.free_gigabyte_seconds,
        ),
        Line::of("HTTP API", bookings * booking.requests, http_api.million_requests / MILLION, 0.0),
        Line::of(
            "DynamoDB, written",
            bookings * booking.write_units,
            dynamodb.million_write_units / MILLION,
            0.0,
        ),
        Line::of("DynamoDB, read", reads, dynamodb.million_read_units / MILLION, 0.0),
        Line::of("DynamoDB, kept", kept, dynamodb.gigabyte_month, dynamodb.free_gigabytes),
        Line::of("DynamoDB, recovery", kept, dynamodb.backup_gigabyte_month, 0.0),
        Line::of(
            "KMS, keys of tables",
            opened,
            keys.million_requests / MILLION,
            keys.free_requests,
        ),
        Line::of("SES, letters", bookings * booking.letters, ses.thousand_letters / 1_000.0, 0.0),
        Line::of("SES, attachments", attached, ses.attached_gigabyte, 0.0),
        Line::of("CloudWatch, alarms", house.alarms, cloudwatch.alarm, cloudwatch.free_alarms),
        Line::of("CloudWatch, metrics", house.metrics, cloudwatch.metric, cloudwatch.free_metrics),
        Line::of(
            "CloudWatch, logs",
            logs / MILLION,
            cloudwatch.log_gigabyte,
            cloudwatch.free_log_gigabytes,
        ),
        Line::of(
            "CloudWatch, dashboard",
            house.dashboards,
            cloudwatch.dashboard,
            cloudwatch.free_dashboards,
        ),
        Line::of("Scheduler", clock_calls, scheduler.million_calls / MILLION, scheduler.free_calls),
        Line::of("S3", house.program_megabytes / 1_000.0, storage.gigabyte_month, 0.0),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_without_bookings_costs_the_house_alone() {
        let table = costs(&[0, 100, 100_000], None);
        assert!(table.contains("bookings"), "{table}");
        let row = |name: &str| -> Vec<f64> {
            let line = table.lines().find(|line| line.starts_with(name)).expect(name);
            line[28..].split_whitespace().map(|cell| cell.parse().expect("a figure")).collect()
        };
        let [none, few, many] = row("to be paid")[..] else { panic!("three columns: {table}") };
        assert!(0.0 < none && none <= few && few < many, "{table}");
        assert!(row("HTTP API")[0] < 0.005);
        let sum: f64 = row("all together")[2] + row("what AWS gives each account")[2];
        assert!((sum - many).abs() < 0.02, "{table}");
    }

    #[test]
    fn the_readme_has_the_bill_as_it_is() {
        let bill = costs(&[100, 100_000], None);
        assert!(include_str!("../../README.md").contains(&bill), "infra/README.md lacks:\n{bill}");
    }

    #[test]
    fn what_the_house_has_is_counted_as_the_template_has_it() {
        let template = include_str!("../../aws/template.yaml");
        let measured: Measured = toml::from_str(MEASURED).unwrap();
        let count = |kind: &str| template.matches(&format!("Type: {kind}\n")).count();
        let same = |counted: usize, said: f64| counted.to_string() == said.to_string();
        assert!(same(count("AWS::CloudWatch::Alarm"), measured.house.alarms));
        assert!(same(count("AWS::CloudWatch::Dashboard"), measured.house.dashboards));
        let figures = shell::Figure::ALL.len();
        assert!(same(figures, measured.house.metrics), "{figures} figures");
    }
}
