//! Whether the DNS of a mail domain says what letters need to arrive.
//!
//! SPF (RFC 7208) names who may send, DKIM (RFC 6376) where the key of the signature is, DMARC (RFC
//! 7489) what a receiver does with what has neither. Letters leave with a domain of their own as the
//! envelope's sender (`bounce.DOMAIN`, as the template has it), so SPF is looked for there; the
//! domain's own record is about its other mail.

use super::{Finding, dns::Records};

/// The records of a mail domain, as they were found.
#[derive(Debug)]
pub(super) struct MailRecords {
    pub(super) domain: String,
    /// Where the DKIM names lead; as many as SES gave.
    pub(super) dkim: Vec<(String, Records)>,
    /// The envelope's sender, if SES does not take one of its own.
    pub(super) bounce: Option<Bounce>,
    pub(super) domain_texts: Records,
    pub(super) dmarc: Records,
}

/// A domain that letters leave with as the envelope's sender, and its records.
#[derive(Debug)]
pub(super) struct Bounce {
    pub(super) name: String,
    pub(super) texts: Records,
    pub(super) servers: Records,
}

impl MailRecords {
    /// What is to be said of them; the house is in this region.
    pub(super) fn findings(&self, region: &str) -> Vec<Finding> {
        let dkim = self.dkim.iter().map(|(token, records)| self.dkim(token, records));
        let unseen = self.dkim.is_empty().then(no_dkim);
        let bounce = match &self.bounce {
            Some(bounce) => vec![bounce.spf(), bounce.leads_to_ses(region)],
            None => vec![self.no_bounce(region)],
        };
        dkim.chain(unseen).chain(bounce).chain([self.own_spf(), self.dmarc()]).collect()
    }

    fn dkim(&self, token: &str, records: &Records) -> Finding {
        let name = format!("{token}._domainkey.{}", self.domain);
        let target = format!("{token}.dkim.amazonses.com");
        // Newer regions have a domain of their own between.
        let is_ses = |found: &String| {
            found.starts_with(&format!("{token}.dkim.")) && found.ends_with("amazonses.com")
        };
        with(records, &name, |found| {
            if found.iter().any(is_ses) {
                Finding::good(format!("DKIM: {token} is published"))
            } else {
                let cure = format!("publish {name} CNAME {target}");
                Finding::wrong(format!("DKIM: {name} does not lead to SES"), cure)
            }
        })
    }

    /// Letters arrive all the same: the signature is the domain's.
    fn no_bounce(&self, region: &str) -> Finding {
        let domain = &self.domain;
        let name = format!("bounce.{domain}");
        Finding::look(
            format!(
                "bounces: {domain} was known to SES before, and letters leave with SES's own sender"
            ),
            format!(
                "aws sesv2 put-email-identity-mail-from-attributes --email-identity {domain} \
                 --mail-from-domain {name} --region {region}; then publish {name} MX 10 \
                 feedback-smtp.{region}.amazonses.com and {name} TXT \"v=spf1 \
                 include:amazonses.com ~all\""
            ),
        )
    }

    /// Two records of the domain itself spoil the mail that does not leave from here.
    fn own_spf(&self) -> Finding {
        let name = &self.domain;
        with(&self.domain_texts, name, |texts| {
            match texts.iter().filter(|text| is_spf(text)).count() {
                0 | 1 => Finding::good(format!("SPF: {name} itself is in order")),
                several => Finding::look(
                    format!("SPF: {name} has {several} records, which count as none"),
                    "keep one, with everybody who sends for the domain".to_owned(),
                ),
            }
        })
    }

    fn dmarc(&self) -> Finding {
        let name = format!("_dmarc.{}", self.domain);
        with(&self.dmarc, &name, |texts| {
            let records: Vec<&String> =
                texts.iter().filter(|text| text.starts_with("v=DMARC1")).collect();
            let cure =
                format!("publish {name} TXT \"v=DMARC1; p=none; rua=mailto:you@{}\"", self.domain);
            match records[..] {
                [] => Finding::wrong(
                    "DMARC: there is no record; Gmail and others ask for one".to_owned(),
                    cure,
                ),
                [one] => match policy(one) {
                    Some("reject" | "quarantine") => Finding::good(format!("DMARC: {one}")),
                    Some("none") => Finding::look(
                        "DMARC: the policy is none: forged letters are delivered, too".to_owned(),
                        "when the reports have shown nothing of yours failing for some weeks, publish \
                         p=quarantine"
                            .to_owned(),
                    ),
                    Some(_) | None => {
                        Finding::wrong(format!("DMARC: the policy cannot be read: {one}"), cure)
                    }
                },
                _ => Finding::wrong("DMARC: several records count as none".to_owned(), cure),
            }
        })
    }
}

/// SES draws the names of the keys when it gets to know the domain.
fn no_dkim() -> Finding {
    Finding::look(
        "DKIM: not looked at, for only SES knows the names of the records".to_owned(),
        "deploy with --mail-domain, publish what it prints, and ask again with --stack".to_owned(),
    )
}

impl Bounce {
    fn spf(&self) -> Finding {
        let name = &self.name;
        with(&self.texts, name, |texts| {
            let spf: Vec<&String> = texts.iter().filter(|text| is_spf(text)).collect();
            let cure = format!("publish {name} TXT \"v=spf1 include:amazonses.com ~all\"");
            match spf[..] {
                [] => Finding::wrong(format!("SPF: {name} has no record"), cure),
                [one] if one.contains("include:amazonses.com") => {
                    Finding::good(format!("SPF: {name} names SES"))
                }
                [_] => Finding::wrong(format!("SPF: {name} does not name SES"), cure),
                _ => Finding::wrong(
                    format!("SPF: {name} has several records, which count as none"),
                    cure,
                ),
            }
        })
    }

    fn leads_to_ses(&self, region: &str) -> Finding {
        let name = &self.name;
        with(&self.servers, name, |servers| {
            let is_ses = |server: &String| {
                server.starts_with("feedback-smtp.") && server.ends_with(".amazonses.com")
            };
            match servers {
                [one] if is_ses(one) => Finding::good(format!("bounces: {name} leads to SES")),
                _ => Finding::wrong(
                    format!("bounces: {name} does not lead to SES alone"),
                    format!(
                        "publish {name} MX 10 feedback-smtp.{region}.amazonses.com, and no other"
                    ),
                ),
            }
        })
    }
}

fn is_spf(text: &str) -> bool {
    text == "v=spf1" || text.starts_with("v=spf1 ")
}

/// The policy for the domain (RFC 7489, 6.3).
fn policy(record: &str) -> Option<&str> {
    let tags = record.split(';').filter_map(|tag| tag.trim().split_once('='));
    tags.map(|(name, value)| (name.trim(), value.trim()))
        .find_map(|(name, value)| (name == "p").then_some(value))
}

fn with(records: &Records, name: &str, judged: impl FnOnce(&[String]) -> Finding) -> Finding {
    match records {
        Ok(records) => judged(records),
        Err(error) => Finding::wrong(
            format!("{name} cannot be looked up: {error}"),
            "see that this machine reaches its DNS server, and try again".to_owned(),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doctor::Verdict;

    fn records() -> MailRecords {
        let texts = |all: &[&str]| Ok(all.iter().map(|&one| one.to_owned()).collect());
        MailRecords {
            domain: "example.org".to_owned(),
            dkim: vec![("abc".to_owned(), texts(&["abc.dkim.amazonses.com"]))],
            bounce: Some(Bounce {
                name: "bounce.example.org".to_owned(),
                texts: texts(&["v=spf1 include:amazonses.com ~all"]),
                servers: texts(&["feedback-smtp.eu-central-1.amazonses.com"]),
            }),
            domain_texts: texts(&["something=else", "v=spf1 mx -all"]),
            dmarc: texts(&["v=DMARC1; p=quarantine; rua=mailto:a@example.org"]),
        }
    }

    fn verdicts(records: &MailRecords) -> Vec<Verdict> {
        records.findings("eu-central-1").iter().map(|finding| finding.verdict).collect()
    }

    #[test]
    fn what_is_in_order_is_said_to_be() {
        assert_eq!(verdicts(&records()), [Verdict::Good; 5]);
    }

    fn bounce(records: &mut MailRecords) -> &mut Bounce {
        records.bounce.as_mut().unwrap()
    }

    #[test]
    fn a_signature_that_was_not_looked_at_is_not_called_good() {
        let mut before = records();
        before.dkim.clear();
        let found = before.findings("eu-central-1");
        assert_eq!(found[0].verdict, Verdict::Look);
        assert!(found[0].words.contains("DKIM: not looked at"), "{found:?}");
    }

    #[test]
    fn a_domain_that_leaves_with_the_sender_of_ses_is_no_mistake() {
        let mut without = records();
        without.bounce = None;
        let found = without.findings("eu-central-1");
        assert_eq!(found.iter().filter(|one| one.verdict == Verdict::Wrong).count(), 0);
        let [look] =
            &found.iter().filter(|one| one.verdict == Verdict::Look).collect::<Vec<_>>()[..]
        else {
            panic!("{found:?}")
        };
        assert!(look.cure.as_ref().unwrap().contains("--mail-from-domain bounce.example.org"));
    }

    type Spoil = fn(&mut MailRecords, Records);

    #[test]
    fn each_slip_is_found_alone() {
        let text = |text: &str| Ok(vec![text.to_owned()]);
        let cases: [(usize, Verdict, Spoil, Records); 11] = [
            (0, Verdict::Wrong, |all, found| all.dkim[0].1 = found, Ok(vec![])),
            (0, Verdict::Wrong, |all, found| all.dkim[0].1 = found, text("other.example.org")),
            (1, Verdict::Wrong, |all, found| bounce(all).texts = found, Ok(vec![])),
            (1, Verdict::Wrong, |all, found| bounce(all).texts = found, text("v=spf1 mx -all")),
            (2, Verdict::Wrong, |all, found| bounce(all).servers = found, text("mx.example.org")),
            (
                3,
                Verdict::Look,
                |all, found| all.domain_texts = found,
                Ok(vec!["v=spf1 mx".to_owned(), "v=spf1 a".to_owned()]),
            ),
            (4, Verdict::Wrong, |all, found| all.dmarc = found, Ok(vec![])),
            (4, Verdict::Look, |all, found| all.dmarc = found, text("v=DMARC1;p=none")),
            (4, Verdict::Wrong, |all, found| all.dmarc = found, text("v=DMARC1; sp=none")),
            (4, Verdict::Wrong, |all, found| all.dmarc = found, text("v=spf1")),
            (4, Verdict::Wrong, |all, found| all.dmarc = found, Err("no answer".to_owned())),
        ];
        for (at, verdict, spoil, found) in cases {
            let mut spoilt = records();
            spoil(&mut spoilt, found);
            let mut expected = [Verdict::Good; 5];
            expected[at] = verdict;
            assert_eq!(verdicts(&spoilt), expected, "{spoilt:?}");
        }
    }
}
