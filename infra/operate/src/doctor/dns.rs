//! Asking the DNS.

use std::{net::SocketAddr, time::Duration};

use hickory_resolver::{
    Resolver, TokioResolver,
    config::{ConnectionConfig, NameServerConfig, ResolverConfig},
    net::runtime::TokioRuntimeProvider,
    proto::rr::{RData, RecordType},
};

use crate::OperateProblem;

/// How long one try at a server may take; it is asked again over TCP and a second time.
const PATIENCE: Duration = Duration::from_secs(2);

/// Whoever knows what stands in the DNS.
pub(super) struct Dns(TokioResolver);

/// What stands there under a name: texts, or the names that it leads to. An error is one of the way
/// there; where there is nothing, the list is empty.
pub(super) type Records = Result<Vec<String>, String>;

impl Dns {
    /// The servers that this machine asks, or this one.
    pub(super) fn new(server: Option<SocketAddr>) -> Result<Self, OperateProblem> {
        let builder = match server {
            None => Resolver::builder_tokio(),
            Some(server) => {
                Ok(Resolver::builder_with_config(only(server), TokioRuntimeProvider::default()))
            }
        };
        let resolver = builder.and_then(|mut builder| {
            builder.options_mut().timeout = PATIENCE;
            builder.build()
        });
        resolver.map(Self).map_err(|error| {
            OperateProblem::house(format!("this machine's DNS settings cannot be read: {error}"))
        })
    }

    /// Whether there is such a domain at all. An error says why nothing can be known of it.
    pub(super) async fn knows(&self, domain: &str) -> Result<bool, String> {
        match self.0.lookup(format!("{domain}."), RecordType::SOA).await {
            Ok(_) => Ok(true),
            Err(error) if error.is_nx_domain() => Ok(false),
            Err(error) if error.is_no_records_found() => Ok(true),
            Err(error) => Err(error.to_string()),
        }
    }

    pub(super) async fn texts(&self, name: &str) -> Records {
        self.records(name, RecordType::TXT).await
    }

    pub(super) async fn leads_to(&self, name: &str) -> Records {
        self.records(name, RecordType::CNAME).await
    }

    pub(super) async fn mail_servers(&self, name: &str) -> Records {
        self.records(name, RecordType::MX).await
    }

    async fn records(&self, name: &str, kind: RecordType) -> Records {
        // The dot at the end keeps the machine's own domain from being tried behind it.
        let asked = self.0.lookup(format!("{name}."), kind).await;
        let answer = match asked {
            Ok(answer) => answer,
            Err(error) if error.is_no_records_found() || error.is_nx_domain() => return Ok(vec![]),
            Err(error) => return Err(error.to_string()),
        };
        Ok(answer.answers().iter().filter_map(|record| text(&record.data)).collect())
    }
}

fn only(server: SocketAddr) -> ResolverConfig {
    let (mut udp, mut tcp) = (ConnectionConfig::udp(), ConnectionConfig::tcp());
    (udp.port, tcp.port) = (server.port(), server.port());
    let server = NameServerConfig::new(server.ip(), true, vec![udp, tcp]);
    ResolverConfig::from_parts(None, vec![], vec![server])
}

fn text(data: &RData) -> Option<String> {
    let name = |name: String| name.trim_end_matches('.').to_ascii_lowercase();
    #[expect(clippy::wildcard_enum_match_arm, reason = "other kinds of records were not asked for")]
    match data {
        // A long text comes in pieces, which are one (RFC 7208, 3.3).
        RData::TXT(text) => {
            let pieces = text.txt_data.iter().map(|piece| String::from_utf8_lossy(piece));
            Some(pieces.collect())
        }
        RData::CNAME(target) => Some(name(target.0.to_string())),
        RData::MX(server) => Some(name(server.exchange.to_string())),
        _ => None,
    }
}
