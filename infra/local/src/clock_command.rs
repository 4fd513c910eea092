//! Moves the clock of a house that runs on this machine.

use std::{
    io::{Read as _, Write as _},
    net::{Ipv4Addr, SocketAddr, TcpStream},
    time::Duration,
};

use crate::{HouseProblem, pages::CLOCK_HEADER};

/// Asks the house at `port` to move its manual clock forward: `10m`, `6h`, `3d`, `until-next`. Answers
/// where it stands then.
pub fn move_clock(port: u16, forward: &str) -> Result<String, HouseProblem> {
    let is_plain = forward.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    if !is_plain {
        return Err(HouseProblem::Start("say how far: 10m, 6h, 3d or until-next".to_owned()));
    }
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let house = TcpStream::connect_timeout(&address, Duration::from_secs(2)).map_err(|_| {
        HouseProblem::Start(format!(
            "no house answers on port {port}: start one with --clock manual, or name its port with --port"
        ))
    })?;
    let answer = ask(house, port, &format!("forward={forward}")).map_err(|_| {
        let words = "the house does not say that its clock has moved: it may still be at it, and \
                     /house/clock says how far it has come";
        HouseProblem::Start(words.to_owned())
    })?;
    if answer.starts_with("HTTP/1.1 303") {
        let mut fields = answer.lines().filter_map(|line| line.split_once(": "));
        let stands = fields.find(|(name, _)| name.eq_ignore_ascii_case(CLOCK_HEADER));
        // A house of an earlier version does not say it.
        return Ok(stands.map_or("another time now", |(_, stands)| stands).to_owned());
    }
    let words = if answer.contains("Please give a span") {
        "say how far: 10m, 6h, 3d or until-next, at most 400 days"
    } else {
        "the house on this port goes by the machine's clock: start it with --clock manual"
    };
    Err(HouseProblem::Start(words.to_owned()))
}

fn ask(mut stream: TcpStream, port: u16, body: &str) -> std::io::Result<String> {
    stream.set_read_timeout(Some(Duration::from_mins(30)))?;
    write!(
        stream,
        "POST /house/clock HTTP/1.1\r\nHost: localhost:{port}\r\nConnection: close\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    Ok(answer)
}
