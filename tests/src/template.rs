//! The template of the cloud, read as what it says: no intrinsic is worked out.

use std::path::Path;

use serde_json::{Map, Value};

/// The template.
pub struct Template(Value);

/// A function in it.
pub struct Function {
    /// Its name in the template.
    pub id: String,
    /// Its folder, which is also its name behind that of the stack.
    pub name: String,
    /// Its properties.
    pub properties: Value,
}

impl Template {
    /// The template as it is deployed.
    ///
    /// # Panics
    /// If it cannot be read.
    pub fn read() -> Self {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../infra/aws/template.yaml");
        #[expect(clippy::disallowed_methods, reason = "the template is what is tested")]
        let text = std::fs::read_to_string(path).expect("the template");
        Self(serde_saphyr::from_str(&text).expect("YAML"))
    }

    /// The template as it would be after an edit, for what must be refused.
    pub fn edited(edit: impl FnOnce(&mut Value)) -> Self {
        let mut template = Self::read();
        edit(&mut template.0);
        template
    }

    /// Everything in it, by its headings.
    ///
    /// # Panics
    /// If it has none.
    pub fn headings(&self) -> &Map<String, Value> {
        self.0.as_object().expect("headings")
    }

    /// Whatever stands under one of its headings, such as `Outputs`, by the names there.
    ///
    /// # Panics
    /// If there is no such heading.
    pub fn under(&self, heading: &str) -> &Map<String, Value> {
        self.0[heading].as_object().unwrap_or_else(|| panic!("the template has no {heading}"))
    }

    /// All resources of a type, by their names in the template.
    pub fn resources(&self, kind: &str) -> Vec<(&str, &Value)> {
        let of_kind =
            self.under("Resources").iter().filter(|(_, resource)| resource["Type"] == kind);
        of_kind.map(|(id, resource)| (id.as_str(), &resource["Properties"])).collect()
    }

    /// The resource of this name, without its type.
    pub fn resource(&self, id: &str) -> &Value {
        &self.0["Resources"][id]["Properties"]
    }

    /// What holds for all functions.
    pub fn globals(&self) -> &Value {
        &self.0["Globals"]["Function"]
    }

    /// The functions, by their names.
    ///
    /// # Panics
    /// If a function is not named after the stack.
    pub fn functions(&self) -> Vec<Function> {
        let functions = self.resources("AWS::Serverless::Function").into_iter();
        let function = |(id, properties): (&str, &Value)| {
            let name = properties["FunctionName"]["Fn::Sub"].as_str();
            let name = name.and_then(|name| name.strip_prefix("${AWS::StackName}-"));
            let name = name.expect("the name of a function").to_owned();
            Function { id: id.to_owned(), name, properties: properties.clone() }
        };
        functions.map(function).collect()
    }

    /// The table that an ARN names, with the index where it is one; nothing if it names anything else
    /// or more than one.
    pub fn table_of(&self, arn: &Value) -> Option<String> {
        let (intrinsic, of) = arn.as_object().filter(|arn| arn.len() == 1)?.iter().next()?;
        match intrinsic.as_str() {
            "Fn::GetAtt" => {
                let [id, attribute] = &of.as_array()?[..] else { return None };
                (attribute == "Arn").then(|| self.table(id.as_str()?)).flatten()
            }
            "Fn::Sub" => {
                let (id, index) = of.as_str()?.strip_prefix("${")?.split_once(".Arn}/index/")?;
                let indexes = self.resource(id)["GlobalSecondaryIndexes"].as_array()?;
                let is_there = indexes.iter().any(|known| known["IndexName"] == index);
                is_there.then(|| Some(format!("{}/{index}", self.table(id)?))).flatten()
            }
            _ => None,
        }
    }

    /// The name of a table, without that of the stack.
    pub fn table(&self, id: &str) -> Option<String> {
        let name = self.resource(id)["TableName"]["Fn::Sub"].as_str()?;
        name.strip_prefix("${AWS::StackName}-").map(str::to_owned)
    }
}

/// The texts of a list; none if there is no list.
pub fn texts(list: &Value) -> Vec<String> {
    let texts = list.as_array().into_iter().flatten();
    texts.filter_map(|text| text.as_str().map(str::to_owned)).collect()
}
