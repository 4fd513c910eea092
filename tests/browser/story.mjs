// The story, chapter by chapter. Ana lives through all of it; Ben loses a time to her, cancels,
// and stays away; Cleo gets no answer; Dora wants no reminders; Emil and Fay come from the practice's own website.

import { answering } from "./chapters/answering.mjs";
import { approving } from "./chapters/approving.mjs";
import { asking } from "./chapters/asking.mjs";
import { cancelling } from "./chapters/cancelling.mjs";
import { changing } from "./chapters/changing.mjs";
import { choosing } from "./chapters/choosing.mjs";
import { elsewhere } from "./chapters/elsewhere.mjs";
import { meeting } from "./chapters/meeting.mjs";
import { silence } from "./chapters/silence.mjs";
import { Staff } from "./desk.mjs";
import { Visitor } from "./visitor.mjs";
import { Person } from "./watch.mjs";

export async function story({ browser, house, report, looking, hasScript }) {
  const troubles = [];
  const world = { browser, house, hasScript, troubles };

  /// A step of the story, and whatever was complained about during it.
  const step = async (name, live) => {
    try {
      return await report.step(name, live);
    } finally {
      if (troubles.length) report.failed(`nothing complains during: ${name}`, troubles.splice(0));
    }
  };
  /// The same, for what the story does not hang on.
  const check = (name, live) => step(name, live).catch(() => {});
  const look = async (page, name) => {
    await looking.at(page, name);
    if (troubles.length) report.failed(`nothing complains on: ${name}`, troubles.splice(0));
  };

  const told = {
    ...world,
    step,
    check,
    look,
    /// The house itself, seen by nobody of the story.
    keeper: await Person.arrive(world),
    ana: await Visitor.arrive(world, "Ana Moura", "America/New_York"),
    ben: await Visitor.arrive(world, "Ben Okafor"),
    cleo: await Visitor.arrive(world, "Cleo Duarte"),
    dora: await Visitor.arrive(world, "Dora Lind"),
    emil: await Visitor.arrive(world, "Emil Sand"),
    fay: await Visitor.arrive(world, "Fay Moreno"),
    assistant: await Staff.arrive(world, "tomas@harbour.example"),
    owner: await Staff.arrive(world, "mara@harbour.example"),
  };
  const everybody = [told.keeper, ...["ana", "ben", "cleo", "dora", "emil", "fay", "assistant", "owner"].map((who) => told[who].person)];
  try {
    const chapters = [asking, answering, choosing, approving, changing, cancelling, silence, meeting, elsewhere];
    for (const chapter of chapters) {
      await chapter(told);
    }
  } finally {
    for (const person of everybody) await person.leave();
  }
}
