//! The local end of the post: every message is kept as a standard `.eml` file and leaves nowhere.

use std::{
    fs, io,
    path::PathBuf,
    sync::{Mutex, MutexGuard, PoisonError},
};

use shell::{Mail, PostError, PostOffice, Sending};

use crate::HouseProblem;

/// A message in the mailbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredMail {
    /// Its number; the first is 1.
    pub number: usize,
    /// Where it went.
    pub to: String,
    /// The whole message (RFC 5322).
    pub message: Vec<u8>,
}

/// Keeps messages, in a folder or only in memory.
#[derive(Debug, Default)]
pub struct Mailbox {
    folder: Option<PathBuf>,
    mails: Mutex<Vec<StoredMail>>,
}

impl Mailbox {
    /// A mailbox that forgets when the process ends.
    pub fn in_memory() -> Self {
        Self::default()
    }

    /// A mailbox in this folder, with what is in it already.
    pub fn open(folder: PathBuf) -> Result<Self, HouseProblem> {
        let mails = read_folder(&folder)
            .map_err(|source| HouseProblem::DataFolder { path: folder.clone(), source })?;
        Ok(Self { folder: Some(folder), mails: Mutex::new(mails) })
    }

    /// Every message, the oldest first.
    pub fn mails(&self) -> Vec<StoredMail> {
        self.lock().clone()
    }

    /// The message of that number.
    pub fn mail(&self, number: usize) -> Option<StoredMail> {
        self.lock().iter().find(|mail| mail.number == number).cloned()
    }

    /// Takes a message in; answers its number.
    pub fn keep(&self, to: &str, message: Vec<u8>) -> io::Result<usize> {
        let mut mails = self.lock();
        let number = mails.last().map_or(0, |mail| mail.number) + 1;
        if let Some(folder) = &self.folder {
            fs::write(folder.join(format!("{number:06}.eml")), &message)?;
        }
        mails.push(StoredMail { number, to: to.to_owned(), message });
        Ok(number)
    }

    fn lock(&self) -> MutexGuard<'_, Vec<StoredMail>> {
        self.mails.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl PostOffice for Mailbox {
    fn send(&self, mail: Mail) -> Sending<'_> {
        Box::pin(async move {
            let number = self
                .keep(mail.to.as_str(), mail.message)
                .map_err(|error| PostError::Later(Box::new(error)))?;
            Ok(format!("local-{number}"))
        })
    }
}

fn read_folder(folder: &std::path::Path) -> io::Result<Vec<StoredMail>> {
    fs::create_dir_all(folder)?;
    let mut mails = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let number =
            path.file_stem().and_then(|stem| stem.to_str()).and_then(|stem| stem.parse().ok());
        let is_mail = path.extension().is_some_and(|extension| extension == "eml");
        if let Some(number) = number.filter(|_| is_mail) {
            let message = fs::read(&path)?;
            mails.push(StoredMail { number, to: recipient(&message), message });
        }
    }
    mails.sort_by_key(|mail| mail.number);
    Ok(mails)
}

fn recipient(message: &[u8]) -> String {
    mail_parser::MessageParser::default()
        .parse_headers(message)
        .and_then(|message| Some(message.to()?.first()?.address()?.to_owned()))
        .unwrap_or_default()
}
