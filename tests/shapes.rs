//! Shapes of files that no pack of ours needs yet, as tables without Rust: pages of keys in XML, keyed by child texts and positions, JSON, sections.

mod support;

use support::{hold, write};

const VENDOR: &str = r#"
id = "shapes"
name = "Shapes"
vocabulary = { exceptions = {} }
[series]
line = { list = "line", to = "lines" }
key = { list = "key", area = "line", to = "keys.line" }
port = { list = "port", to = "ports" }
hs = { list = "handset", to = "handsets" }
slot = { list = "media.codecs", by = "rank", to = 3, rest = ["pcmu", "pcma", "g722", "opus"] }
[[file]]
id = "main"
name = "{mac}.xml"
syntax = "xml"
path = "root/{name}"
[[file]]
id = "obi"
name = "{mac}-obi.xml"
syntax = "xml"
path = "ParameterList/Object[Name='{section}']/ParameterValueStruct[Name='{leaf}']/Value"
[[file]]
id = "json"
name = "{mac}.json"
syntax = "json"
[[file]]
id = "text"
name = "{mac}.cfg"
head = "<<VOIP CONFIG FILE>>Version:2.0002"
section = "<{section}>"
line = "{leaf:19}:{value}"
tail = "<<END OF FILE>>"
"#;

const PARAMETERS: &str = r#"
[[group]]
for = "line"
rows = [
  { name = "sip/line[@index={line}]/PhoneNumber", setting = "line.user", absent = "" },
  { name = "accounts/account[{line}]/@username", setting = "line.user" },
  { name = "VoiceService.1.Line.{line}./AuthUserName", file = "obi", setting = "line.auth_user", absent = "" },
  { name = "lines/{line}/auth/password", file = "json", setting = "line.password", absent = "" },
  { name = "lines/{line}/transport", file = "json", setting = "line.transport" },
  { name = "SIP CONFIG MODULE/SIP{line} Phone Number", file = "text", setting = "line.user", absent = "" },
]
[[group]]
for = "key"
rows = [
  { name = "dsskey/internal[@index={(key-1)/page+1}]/Fkey[@index={(key-1)%page+1}]/Type", field = "code", absent = "0" },
  { name = "dsskey/internal[@index={(key-1)/page+1}]/Fkey[@index={(key-1)%page+1}]/Value", field = "value", absent = "" },
]
[[group]]
for = ["line", "slot"]
rows = [ { name = "codecs/line[@n={line}]/codec[{slot}]", setting = "item.value" } ]
[[group]]
for = "hs"
rows = [ { name = "oper[@name='add_hs'][@value='{hs:05}']/param[@name='hs.Name']/@value", setting = "handset.name" } ]
[[group]]
for = "port"
rows = [ { name = ["P35", "P735"], setting = "line.user", absent = "" } ]
[[group]]
rows = [ { name = "PHONE FEATURE MODULE/Time Zone", file = "text", setting = "time.offset", unit = "quarter" } ]
"#;

const KEYS: &str = "[fields]\nvalue = \"{key.value}@{key.line}[/{key.pickup}]\"\n[[type]]\nkey = \"blf\"\ncode = \"1\"\n[[type]]\nkey = \"line\"\ncode = \"2\"\nvalue = \"SIP{key.line}\"\n";

const MODELS: &str = "[model.one]\nlines = 3\nhandsets = 2\nports = 2\npage = 3\nkeys = { line = 8 }\n";

const DEVICE: &str = r#"
mac = "020000000001"
model = "shapes/one"
media.codecs = ["g722", "pcma"]
time.zone = "Asia/Kathmandu"
[[line]]
number = 1
user = "101"
[[line]]
number = 3
user = "103 & <co>"
[[key]]
type = "blf"
value = "102"
[[key]]
type = "blf"
value = "104"
position = 7
pickup = "*8"
[[handset]]
number = 2
name = "Lager \"1\""
"#;

fn fleet(root: &std::path::Path) {
    write(root, "devices/fleet.toml", "name = \"F\"\nbase_url = \"https://prov.example.net\"\n");
    write(
        root,
        "devices/acme/customer.toml",
        "name = \"Acme\"\n[defaults.line]\nregistrar = { host = \"sip.example.net\" }\ntransport = \"tcp\"\n",
    );
    for (file, text) in [("vendor.toml", VENDOR), ("parameters.toml", PARAMETERS), ("keys.toml", KEYS), ("models.toml", MODELS)] {
        write(root, &format!("vendors/shapes/{file}"), text);
    }
    write(root, "devices/acme/phone.toml", &DEVICE.replace("103 & <co>", "103"));
}

#[test]
fn every_shape_is_written_and_read_back() {
    let root = tempfile::tempdir().expect("a folder");
    fleet(root.path());
    let verdict = hold(root.path());
    assert!(verdict.broken.is_empty(), "{:#?}", verdict.broken);
    assert!(verdict.findings.keys().all(|code| matches!(*code, "setting::ignored")), "{:#?}", verdict.findings);
    assert_eq!((verdict.devices, verdict.files), (1, 4));
    assert!(verdict.settings >= 20, "{} settings", verdict.settings);
}
