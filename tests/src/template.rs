//! The template of the cloud, read as what it says: no intrinsic is worked out.

use std::path::Path;

use serde_json::Value;

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

    /// All resources of a type, by their names in the template.
    ///
    /// # Panics
    /// If the template has no resources.
    pub fn resources(&self, kind: &str) -> Vec<(&str, &Value)> {
        let resources = self.0["Resources"].as_object().expect("resources");
        let of_kind = resources.iter().filter(|(_, resource)| resource["Type"] == kind);
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

    /// The statements of a function's role, those under a condition left out.
    ///
    /// # Panics
    /// If the function has no role of its own.
    pub fn statements_of(&self, function: &Function) -> Vec<Value> {
        let role = function.properties["Role"]["Fn::GetAtt"][0].as_str().expect("a role");
        let policies = self.resource(role)["Policies"].as_array().expect("policies");
        let statements =
            policies.iter().filter_map(|policy| policy["PolicyDocument"]["Statement"].as_array());
        statements.flatten().cloned().collect()
    }

    /// The tables that a statement is about, with the index where it is one.
    pub fn tables_of(&self, statement: &Value) -> Vec<String> {
        let resource = &statement["Resource"];
        let resources = resource.as_array().map_or(std::slice::from_ref(resource), Vec::as_slice);
        resources.iter().filter_map(|resource| self.table_of(resource)).collect()
    }

    fn table_of(&self, resource: &Value) -> Option<String> {
        if let Some(id) = resource["Fn::GetAtt"][0].as_str() {
            return (resource["Fn::GetAtt"][1] == "Arn").then(|| self.table(id)).flatten();
        }
        let arn = resource["Fn::Sub"].as_str()?.strip_prefix("${")?;
        let (id, index) = arn.split_once(".Arn}/index/")?;
        Some(format!("{}/{index}", self.table(id)?))
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
