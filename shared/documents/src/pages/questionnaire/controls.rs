//! One question as the native control that fits its kind.
//!
//! Nothing here stops a form from being sent: an answer that does not fit is kept, and what is
//! wrong with it is said in words. Groups carry an empty value of their own, so that taking
//! every tick away is an answer as well.

use domain::{Mistake, Question, QuestionKind};
use maud::{Markup, html};

/// What every control needs to know of its question.
struct Asked<'a> {
    question: &'a Question,
    values: &'a [String],
    mistake: Option<&'a str>,
}

pub(super) fn control(question: &Question, values: &[String], mistake: Option<&Mistake>) -> Markup {
    let asked = Asked { question, values, mistake: mistake.map(|mistake| &*mistake.words) };
    match &question.kind {
        QuestionKind::Short { length_max } => asked.line(*length_max),
        QuestionKind::Long { .. } => asked.lines(),
        QuestionKind::One { choices } => {
            asked.choice("radio", choices.iter().map(|choice| (&**choice, &**choice)))
        }
        QuestionKind::Several { choices, .. } => {
            asked.choice("checkbox", choices.iter().map(|choice| (&**choice, &**choice)))
        }
        QuestionKind::Scale { from, to, from_label, to_label } => {
            asked.scale(*from, *to, (from_label, to_label))
        }
        QuestionKind::Number { unit, .. } => asked.number(unit.as_deref()),
        QuestionKind::Date => asked.date(),
        QuestionKind::YesNo => asked.choice("radio", YES_OR_NO.into_iter()),
        QuestionKind::Consent => asked.consent(),
    }
}

const YES_OR_NO: [(&str, &str); 2] = [("yes", "Yes"), ("no", "No")];

/// The label of an answer to a yes-or-no question.
pub(super) fn yes_or_no(answer: &str) -> &str {
    YES_OR_NO.iter().find(|(id, _)| *id == answer).map_or(answer, |(_, label)| label)
}

impl Asked<'_> {
    /// The question, its hint and its mistake; the ids are those `described` names.
    fn words(&self) -> Markup {
        html! {
            (self.question.ask)
            @if self.question.required { " " span.needed { "needed" } }
        }
    }

    fn notes(&self) -> Markup {
        html! { (self.help()) (self.what_is_wrong()) }
    }

    fn help(&self) -> Markup {
        let id = &self.question.id;
        html! { @if let Some(help) = &self.question.help { p.hint id={ "h-" (id) } { (help) } } }
    }

    fn what_is_wrong(&self) -> Markup {
        let id = &self.question.id;
        html! { @if let Some(mistake) = self.mistake { p.mistake id={ "m-" (id) } { (mistake) } } }
    }

    fn described(&self) -> Option<String> {
        let id = &self.question.id;
        let mistake = self.mistake.map(|_| format!("m-{id}"));
        let help = self.question.help.as_ref().map(|_| format!("h-{id}"));
        match (mistake, help) {
            (Some(mistake), Some(help)) => Some(format!("{mistake} {help}")),
            (mistake, help) => mistake.or(help),
        }
    }

    fn invalid(&self) -> Option<&'static str> {
        self.mistake.map(|_| "true")
    }

    fn value(&self) -> &str {
        self.values.first().map_or("", String::as_str)
    }

    /// A label above one input.
    fn labelled(&self, input: &Markup) -> Markup {
        html! {
            label for={ "q-" (self.question.id) } { (self.words()) }
            (self.notes())
            (input)
        }
    }

    fn line(&self, length_max: usize) -> Markup {
        let (id, described) = (&self.question.id, self.described());
        let class = (length_max <= 40).then_some("brief");
        self.labelled(&html! {
            input id={ "q-" (id) } name=(id) value=(self.value()) class=[class] autocomplete="off"
                aria-describedby=[described] aria-invalid=[self.invalid()];
        })
    }

    fn lines(&self) -> Markup {
        let (id, described) = (&self.question.id, self.described());
        // A parser drops one line break after the tag, so one is given to it.
        let gift = if self.value().starts_with('\n') { "\n" } else { "" };
        self.labelled(&html! {
            textarea id={ "q-" (id) } name=(id) rows="4"
                aria-describedby=[described] aria-invalid=[self.invalid()] {
                (gift) (self.value())
            }
        })
    }

    fn number(&self, unit: Option<&str>) -> Markup {
        let (id, described) = (&self.question.id, self.described());
        let unit_id = unit.map(|_| format!("u-{id}"));
        let described = match (described, &unit_id) {
            (Some(described), Some(unit)) => Some(format!("{described} {unit}")),
            (described, unit) => described.or_else(|| unit.clone()),
        };
        self.labelled(&html! {
            span.number {
                input id={ "q-" (id) } name=(id) value=(self.value()) inputmode="decimal"
                    autocomplete="off" aria-describedby=[described] aria-invalid=[self.invalid()];
                @if let Some(unit) = unit { span id=[unit_id] { (unit) } }
            }
        })
    }

    fn date(&self) -> Markup {
        let (id, described) = (&self.question.id, self.described());
        self.labelled(&html! {
            input.brief id={ "q-" (id) } name=(id) type="date" value=(self.value())
                aria-describedby=[described] aria-invalid=[self.invalid()];
        })
    }

    /// A group under one legend. Radio buttons speak as one control, ticks as many.
    fn group(&self, kind: &str, inputs: &Markup) -> Markup {
        let is_radio = kind == "radio";
        html! {
            fieldset role=[is_radio.then_some("radiogroup")] aria-describedby=[self.described()]
                aria-invalid=[self.invalid().filter(|_| is_radio)] {
                legend { (self.words()) }
                (self.notes())
                input type="hidden" name=(self.question.id) value="";
                (inputs)
            }
        }
    }

    fn choice<'c>(
        &self,
        kind: &str,
        choices: impl ExactSizeIterator<Item = (&'c str, &'c str)>,
    ) -> Markup {
        let id = &self.question.id;
        let class = match choices.len() {
            ..=2 => "choices row",
            3..=5 => "choices",
            6.. => "choices columns",
        };
        let invalid = self.invalid().filter(|_| kind == "checkbox");
        self.group(
            kind,
            &html! {
                div class=(class) {
                    @for (at, (value, label)) in choices.enumerate() {
                        label {
                            input type=(kind) name=(id) value=(value) id=[first(at, id.as_str())]
                                checked[self.has(value)] aria-invalid=[invalid];
                            (label)
                        }
                    }
                }
            },
        )
    }

    fn scale(&self, from: i32, to: i32, (lowest, highest): (&str, &str)) -> Markup {
        let id = &self.question.id;
        let is_long = 7 < to - from + 1;
        let meaning = |step: i32| match step {
            step if step == from => Some(lowest),
            step if step == to => Some(highest),
            _ => None,
        };
        self.group(
            "radio",
            &html! {
                div.scale.long[is_long] {
                    @for (at, step) in (from..=to).enumerate() {
                        label {
                            input type="radio" name=(id) value=(step) id=[first(at, id.as_str())]
                                checked[self.has(&step.to_string())];
                            (step)
                            @if let Some(meaning) = meaning(step) { span.sr { " " (meaning) } }
                        }
                    }
                }
                p.ends aria-hidden="true" { span { (lowest) } span { (highest) } }
            },
        )
    }

    fn consent(&self) -> Markup {
        let (id, described) = (&self.question.id, self.described());
        html! {
            (self.what_is_wrong())
            input type="hidden" name=(id) value="";
            label.tick {
                input type="checkbox" id={ "q-" (id) } name=(id) value="yes" checked[self.has("yes")]
                    aria-describedby=[described] aria-invalid=[self.invalid()];
                span { (self.words()) }
            }
            (self.help())
        }
    }

    fn has(&self, value: &str) -> bool {
        self.values.iter().any(|typed| typed == value)
    }
}

/// The id of a group's first input, so that a link to the question lands there.
fn first(at: usize, id: &str) -> Option<String> {
    (at == 0).then(|| format!("q-{id}"))
}
