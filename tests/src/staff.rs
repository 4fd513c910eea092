//! Somebody of the practice: what they do at the desk and from their letters.

use domain::Staff;

use crate::{Answered, Browser, Letter, Visitor, World};

/// Somebody of the practice.
pub struct StaffMember<'w> {
    world: &'w World,
    /// Their browser.
    pub browser: Browser,
    /// Who they are.
    pub staff: Staff,
}

impl<'w> StaffMember<'w> {
    pub(crate) fn new(world: &'w World, staff: Staff) -> Self {
        Self { world, browser: world.browser(), staff }
    }

    fn at(&self, path: &str) -> String {
        format!("/{}/{path}", self.world.practice)
    }

    /// The letters received so far.
    pub fn letters(&self) -> Vec<Letter> {
        self.world.letters_to(self.staff.email.as_str())
    }

    /// The last letter received.
    ///
    /// # Panics
    /// If there is none.
    #[track_caller]
    pub fn last_letter(&self) -> Letter {
        self.letters().pop().expect("a letter")
    }

    /// Asks for a sign-in letter.
    pub async fn asks_to_sign_in(&mut self) -> Answered {
        self.asks_to_sign_in_at(&self.at("desk/sign-in")).await
    }

    /// The same, without waiting for the letter.
    pub async fn asks_quietly_to_sign_in(&mut self) -> Answered {
        self.sends_address(&self.at("desk/sign-in")).await
    }

    /// The same, led to the sign-in by a page that needs it.
    pub async fn asks_to_sign_in_at(&mut self, path: &str) -> Answered {
        let answered = self.sends_address(path).await;
        self.world.settle().await;
        answered
    }

    async fn sends_address(&mut self, path: &str) -> Answered {
        let page = self.browser.get(path).await.expect(200);
        let (key, to) = (page.field("key"), page.field("to"));
        let fields = [("key", key.as_str()), ("to", &to), ("email", self.staff.email.as_str())];
        self.browser.post(&self.at("desk/sign-in"), &fields).await
    }

    /// Signs in by the link of a letter, in the browser that asked for it.
    pub async fn signs_in(&mut self) -> Answered {
        self.asks_to_sign_in().await.expect(200);
        self.follows_the_letter().await
    }

    /// Signs in by the link of the last letter.
    pub async fn follows_the_letter(&mut self) -> Answered {
        let link = self.last_letter().link("/desk/sign-in/");
        self.browser.get(&link).await.expect(200);
        self.browser.post(&link, &[]).await.expect(200)
    }

    /// Looks at the day.
    pub async fn looks_at_today(&mut self) -> Answered {
        self.browser.get(&self.at("desk")).await
    }

    /// The address of a client's file.
    pub async fn file_of(&self, visitor: &Visitor<'_>) -> String {
        self.at(&format!("desk/clients/{}", visitor.file().await.id))
    }

    /// Does something to a client's file, as one of the forms on its page.
    pub async fn does(
        &mut self,
        visitor: &Visitor<'_>,
        deed: &str,
        fields: &[(&str, &str)],
    ) -> Answered {
        let path = self.file_of(visitor).await;
        let page = self.browser.get(&path).await.expect(200);
        let (key, guard) = (page.field("key"), page.field("guard"));
        let mut all = vec![("key", key.as_str()), ("guard", guard.as_str())];
        all.extend_from_slice(fields);
        let answered = self.browser.post(&format!("{path}/{deed}"), &all).await;
        self.world.settle().await;
        answered
    }

    /// Approves one of the times a client asked for.
    pub async fn approves(&mut self, visitor: &Visitor<'_>, time: &str) -> Answered {
        let proposal = visitor.file().await.request().expect("an open request").id.to_string();
        self.does(visitor, "approve", &[("proposal", &proposal), ("start", time)]).await
    }

    /// Signs in and approves the one time that a client asks for; answers it.
    pub async fn books(&mut self, visitor: &mut Visitor<'_>) -> String {
        let time = visitor.asks_for_times(1).await.remove(0);
        self.signs_in().await;
        self.approves(visitor, &time).await.expect(200);
        time
    }

    /// Declines all the times a client asked for.
    pub async fn declines(&mut self, visitor: &Visitor<'_>, note: &str) -> Answered {
        let proposal = visitor.file().await.request().expect("an open request").id.to_string();
        self.does(visitor, "decline", &[("proposal", &proposal), ("note", note)]).await
    }

    /// Says how a call went.
    pub async fn records(&mut self, visitor: &Visitor<'_>, outcome: &str) -> Answered {
        let id = visitor.appointment().await.id.to_string();
        self.does(visitor, "outcome", &[("appointment", &id), ("outcome", outcome)]).await
    }
}
