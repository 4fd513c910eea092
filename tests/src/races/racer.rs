//! Who races: clients made without pages, since only the race is of interest, and their wishes.

use chrono::{DateTime, Utc, Weekday};
use domain::{
    Actor, Answers, AppointmentId, ClientId, Command, CompleteAnswers, Consent, EmailAddress,
    Handbook, MinuteOfDay, Note, Person, PersonName, ProposalId, Questionnaire, Role, TimeSpan,
    Wishes, local_date,
};
use shell::Wish;

use crate::World;

impl World {
    /// The client number so-and-so, who may now choose times.
    pub async fn racer(&self, number: u32) -> ClientId {
        let shell = &self.house.shell;
        let email = EmailAddress::parse(&format!("racer{number}@example.org"));
        let email = email.expect("an address");
        let client = shell.links.client(&self.practice, &email);
        let name = PersonName::parse("Racer").expect("a name");
        let consent =
            Consent { words: String::new(), handbook: String::new(), page: String::new() };
        let person = Person { name, email };
        let session = self.handbook.first_session().id.clone();
        let opt_in = Command::OptIn { client: client.clone(), session, person, consent };
        self.grants(&self.wish(&client, Actor::Client, opt_in)).await;
        let completes = Command::CompleteQuestionnaire { answers: no_answers(&self.handbook) };
        self.grants(&self.wish(&client, Actor::Client, completes)).await;
        client
    }

    /// A wish about this client's file, with an id of its own.
    pub fn wish(&self, client: &ClientId, actor: Actor, command: Command) -> Wish {
        Wish {
            practice: self.practice.clone(),
            client: client.clone(),
            id: self.house.shell.command_id(),
            actor,
            command,
            source: None,
        }
    }

    /// The client asks for these times.
    pub fn proposing(&self, client: &ClientId, starts: &[DateTime<Utc>]) -> Wish {
        let zone = chrono_tz::Europe::Lisbon;
        let command = Command::ProposeTimes { starts: starts.to_vec(), with: None, zone };
        self.wish(client, Actor::Client, command)
    }

    /// The assistant grants one of the times that the client asked for.
    pub fn approving(
        &self,
        client: &ClientId,
        proposal: &ProposalId,
        start: DateTime<Utc>,
    ) -> Wish {
        let command = Command::ApproveTime { proposal: proposal.clone(), start };
        self.wish(client, self.by_the_assistant(), command)
    }

    /// The assistant books a time for the client, or moves their appointment to it, on the grid
    /// or off it.
    pub fn booking(&self, client: &ClientId, start: DateTime<Utc>) -> Wish {
        let despite = Note::parse("agreed on the phone").expect("a short note");
        let command = Command::BookTime { start, with: None, despite };
        self.wish(client, self.by_the_assistant(), command)
    }

    /// The client waits for whatever comes free until that day.
    pub fn waiting_until(&self, client: &ClientId, day: DateTime<Utc>) -> Wish {
        let minute = |text| MinuteOfDay::parse(text).expect("a time of day");
        let week = std::iter::successors(Some(Weekday::Mon), |day| Some(day.succ())).take(7);
        let wishes = Wishes {
            days: week.collect(),
            hours: TimeSpan { from: minute("00:00"), to: minute("24:00") },
            zone: self.handbook.practice.zone,
            until: local_date(self.handbook.practice.zone, day),
            with: None,
        };
        self.wish(client, Actor::Client, Command::LeaveWishes { wishes })
    }

    /// The house looks for a time for a client on the waiting list.
    pub fn offering(&self, client: &ClientId) -> Wish {
        self.wish(client, Actor::Clock, Command::OfferTime)
    }

    /// The client cancels.
    pub fn cancelling(&self, client: &ClientId, appointment: AppointmentId) -> Wish {
        let note = Note::default();
        self.wish(client, Actor::Client, Command::CancelAppointment { appointment, note })
    }

    /// Time is looked at for this client.
    pub fn time_passing(&self, client: &ClientId) -> Wish {
        self.wish(client, Actor::Clock, Command::TimePassed)
    }

    /// Carries out a wish that nothing stands against.
    pub async fn grants(&self, wish: &Wish) -> shell::Done {
        self.house.shell.handle(wish).await.expect("nothing stands against it")
    }

    fn by_the_assistant(&self) -> Actor {
        Actor::Staff(self.handbook.in_role(Role::Assistant).id.clone())
    }
}

/// What the practice's questionnaire would accept, had it no questions.
fn no_answers(handbook: &Handbook) -> CompleteAnswers {
    let questionnaire = Questionnaire {
        id: handbook.first_session().questionnaire.clone(),
        title: String::new(),
        lead: String::new(),
        sections: vec![],
    };
    questionnaire.check(&Answers::default()).expect("nothing is asked")
}
