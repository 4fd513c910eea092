//! What the template gives a function to read, worked out for a stack of the tests.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::template::Template;

/// What the parameters of a stack are, and those names that only AWS knows.
pub struct Given<'a>(pub &'a [(&'a str, &'a str)]);

impl Template {
    /// The environment of the function with this name: what holds for all, and what is its own.
    ///
    /// # Panics
    /// If there is no such function, or what it is given cannot be worked out.
    pub fn environment_of(&self, function: &str, given: &Given<'_>) -> BTreeMap<String, String> {
        let functions = self.functions();
        let function = functions.iter().find(|known| known.name == function).expect("a function");
        let variables = [self.globals(), &function.properties]
            .into_iter()
            .filter_map(|of| of["Environment"]["Variables"].as_object());
        let resolved = variables.flatten().map(|(name, value)| {
            let value = self.resolved(value, given);
            (name.clone(), value)
        });
        resolved.collect()
    }

    /// A value of the template as it is worked out when it is deployed.
    ///
    /// # Panics
    /// If it is made of something that is not known here.
    pub fn resolved(&self, value: &Value, given: &Given<'_>) -> String {
        if let Some(text) = value.as_str() {
            return text.to_owned();
        }
        let Some(all) = value.as_object() else { return value.to_string() };
        let intrinsic = all.iter().next().filter(|_| all.len() == 1);
        match intrinsic.map(|(name, of)| (name.as_str(), of)) {
            Some(("Ref", Value::String(name))) => self.named(name, given),
            Some(("Fn::Sub", Value::String(text))) => self.substituted(text, given),
            Some(("Fn::If", of)) => {
                let holds =
                    self.holds(&self.under("Conditions")[of[0].as_str().unwrap_or("")], given);
                self.resolved(if holds { &of[1] } else { &of[2] }, given)
            }
            _ => panic!("nobody knows what becomes of {value}"),
        }
    }

    /// A text whose `${names}` are replaced by what they stand for.
    ///
    /// # Panics
    /// If one of them is not known.
    pub fn substituted(&self, text: &str, given: &Given<'_>) -> String {
        let mut parts = text.split("${");
        let mut whole = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            let (name, rest) = part.split_once('}').expect("the end of a name");
            whole.push_str(&self.named(name, given));
            whole.push_str(rest);
        }
        whole
    }

    fn named(&self, name: &str, given: &Given<'_>) -> String {
        if let Some((_, value)) = given.0.iter().find(|(known, _)| *known == name) {
            return (*value).to_owned();
        }
        let default = self.under("Parameters").get(name).map(|parameter| &parameter["Default"]);
        match default {
            Some(Value::String(text)) => text.clone(),
            Some(number @ Value::Number(_)) => number.to_string(),
            _ => panic!("nobody says what {name} is"),
        }
    }

    fn holds(&self, condition: &Value, given: &Given<'_>) -> bool {
        let one =
            condition.as_object().filter(|all| all.len() == 1).and_then(|all| all.iter().next());
        match one.map(|(name, of)| (name.as_str(), of)) {
            Some(("Fn::Not", of)) => !self.holds(&of[0], given),
            Some(("Fn::Equals", of)) => {
                self.resolved(&of[0], given) == self.resolved(&of[1], given)
            }
            Some(("Fn::And", Value::Array(all))) => all.iter().all(|one| self.holds(one, given)),
            Some(("Condition", Value::String(name))) => {
                self.holds(&self.under("Conditions")[name], given)
            }
            _ => panic!("nobody knows whether {condition} holds"),
        }
    }
}
