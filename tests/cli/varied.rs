//! The small fleet with more of everything, and edits of it.

use std::collections::BTreeMap;
use std::fs;

use sipress::kit::generate::Dice;

use crate::fleet::Fleet;

/// A file of each phone that reads free values, walks through them, and holds the phone's book.
const CARD: &str = r#"
[[file]]
id = "card"
name = "{mac}.txt"
syntax = "template"
template = "card.tera"
uses = ["vars", "device.label", "phonebook.title", "phonebook.contacts"]
limit = 6
limit_source = "invented for the tests"

[[file]]
id = "short"
name = "{mac}-book.txt"
syntax = "template"
template = "short.tera"
uses = ["phonebook.contacts"]
limit = 5
limit_source = "invented for the tests"
"#;

const POLYCOM: &str =
    "mac = \"0004f2f00001\"\nmodel = \"polycom/vvx450\"\nlabel = \"Polly\"\nline = [{ number = 1, extension = \"103\" }]\n";

/// The small fleet with templates that read much, another vendor's phone, and a firmware catalogue.
pub fn varied() -> Fleet {
    let fleet = Fleet::small();
    fleet.write("vendors/acmephone/vendor.toml", &format!("{}{CARD}", fleet.read("vendors/acmephone/vendor.toml")));
    let card = "{{ device.label }}\n{% for name, value in vars %}{{ name }} {% endfor %}\n{{ phonebook.title }}{% for contact in phonebook.contacts %} {{ contact.name }}{% endfor %}\n";
    fleet.write("vendors/acmephone/card.tera", card);
    fleet.write("vendors/acmephone/short.tera", "{% for contact in phonebook.contacts %}{{ contact.name }}\n{% endfor %}");
    fleet.write("devices/acme/polycom.toml", POLYCOM);
    fleet.write(
        "devices/firmware.toml",
        "[[firmware]]\nmodel = \"acmephone/a1\"\nversion = \"1.1\"\nurl = \"https://fw.example.net/a1.bin\"\n\n[[rollout]]\nmodel = \"acmephone/a1\"\nversion = \"1.1\"\ncustomers = [\"acme\"]\n",
    );
    fleet
}

/// What a user may change, as one text for another and back.
const SWAPS: &[(&str, &str, &str)] = &[
    ("devices/acme/customer.toml", "transport = \"tls\"", "transport = \"tcp\""),
    ("devices/acme/customer.toml", "name = \"Acme Ltd\"", "name = \"Acme plc\""),
    ("devices/fleet.toml", "zone = \"Europe/London\"", "zone = \"Asia/Tokyo\""),
    ("devices/fleet.toml", "ntp = [\"ntp.example.net\"]", "ntp = []"),
    ("devices/fleet.toml", "layout = \"token\"", "layout = \"customer\"\ngate = \"basic\""),
    ("devices/fleet.toml", "gate = \"basic\"", "gate = \"none\""),
    ("devices/fleet.toml", "[defaults.time]", "[defaults.vendor.acmephone.line]\nexpires = 1800\n[defaults.time]"),
    ("devices/fleet.toml", "[defaults.time]", "[defaults.model.\"acmephone/a1\".media]\ncodecs = [\"pcma\"]\n[defaults.time]"),
    ("devices/north/msp.toml", "codecs = [\"g722\", \"pcma\"]", "codecs = [\"pcma\", \"g722\"]"),
    ("devices/acme/london/site.toml", "ntp.london", "ntp2.london"),
    ("devices/acme/extensions.toml", "name = \"Ann Lee\"", "name = \"Ann Lie\""),
    ("devices/acme/extensions.toml", "[102]", "[102]\npassword_generation = 2"),
    ("devices/acme/phonebook.toml", "[[contact]]", "[[contact]] # who"),
    ("devices/acme/phonebook.toml", "group = \"Suppliers\"", "group = \"Makers\""),
    ("devices/acme/reception.toml", "value = \"103\"", "value = \"102\""),
    ("devices/acme/reception.toml", "label = \"Reception\"", "label = \"Front desk\""),
    ("devices/acme/reception.toml", "[[key]]", "[vars]\ngreeting = \"x\"\nother = { deep = 1 }\n\n[[key]]"),
    ("devices/acme/reception.toml", "greeting = \"x\"\nother = { deep = 1 }", "other = { deep = 1 }\ngreeting = \"x\""),
    ("devices/acme/reception.toml", "[[key]]", "[raw]\n\"feature.beep\" = \"1\"\n\n[[key]]"),
    ("devices/acme/reception.toml", "\"feature.beep\" = \"1\"", "\"feature.beep\" = \"2\""),
    ("devices/acme/reception.toml", "package = \"phone\"", "status = \"inactive\"\npackage = \"phone\""),
    ("devices/acme/reception.toml", "package = \"phone\"", "activate = 2027-01-01\npackage = \"phone\""),
    ("devices/acme/reception.toml", "model = \"acmephone/a2\"", "model = \"acmephone/a1\""),
    ("devices/acme/london/desks.toml", "02:ac:ce:00:00:03", "02:ac:ce:00:00:13"),
    ("devices/acme/london/desks.toml", "label = \"Window\"", "label = \"Window\"\nphonebook = { name = \"none\" }"),
    ("devices/acme/polycom.toml", "label = \"Polly\"", "label = \"Polly\"\nsip = { stun = { host = \"stun.example.net\" } }"),
    ("devices/north/bakery/till.toml", "user = \"till\"", "user = \"till2\""),
    ("devices/north/bakery/customer.toml", "name = \"Bakery\"", "name = \"Baker's\""),
    ("devices/stock/spare.toml", "02:ac:ce:00:00:05", "02:ac:ce:00:00:04"),
    ("devices/firmware.toml", "customers = [\"acme\"]", "customers = []"),
    ("devices/firmware.toml", "a1.bin", "a1-1.1.bin"),
    ("vendors/acmephone/vendor.toml", "line.transport = \"udp\"", "line.transport = \"tcp\""),
    ("vendors/acmephone/vendor.toml", "limit = 6", "limit = 2"),
    ("vendors/acmephone/parameters.toml", "\"line{line}.name\"", "\"line{line}.auth\""),
    ("vendors/acmephone/parameters.toml", "unit = \"min\" }", "unit = \"min\", absent = \"60\" }"),
    ("vendors/acmephone/book.tera", "{% for", "{#- x -#}{% for"),
    ("vendors/acmephone/card.tera", "\n{{", " \n{{"),
];

/// An edit of the fleet, drawn by lot, and what it was; some undo others, and some leave a fleet with errors.
pub fn edit(fleet: &Fleet, dice: &mut Dice, round: usize) -> String {
    match dice.below(10) {
        0 => contact(fleet, dice, round),
        1 => device(fleet, dice, round),
        2 => customer(fleet, dice),
        3 => remark(fleet, dice, round),
        _ => swap(fleet, dice),
    }
}

fn swap(fleet: &Fleet, dice: &mut Dice) -> String {
    let (path, one, other) = *dice.pick(SWAPS);
    let text = if fleet.has(path) { fleet.read(path) } else { String::new() };
    let (from, to) = if text.contains(other) { (other, one) } else { (one, other) };
    if text.contains(from) {
        fleet.write(path, &text.replacen(from, to, 1));
    }
    format!("{path}: {from} to {to}")
}

fn contact(fleet: &Fleet, dice: &mut Dice, round: usize) -> String {
    let path = dice.word(&["devices/acme/phonebook.toml", "devices/acme/london/phonebook.toml", "devices/north/bakery/phonebook.toml"]);
    let book = if fleet.has(path) { fleet.read(path) } else { String::new() };
    if book.matches("[[contact]]").count() > 7 {
        fleet.remove(path);
        return format!("{path}: gone");
    }
    fleet.write(path, &format!("{book}\n[[contact]]\nname = \"N{round}\"\nnumbers = [{{ number = \"+4420794601{:02}\" }}]\n", round % 100));
    format!("{path}: a contact more")
}

fn device(fleet: &Fleet, dice: &mut Dice, round: usize) -> String {
    let folder = dice.word(&["devices/acme", "devices/acme/london", "devices/north/bakery"]);
    let path = format!("{folder}/n{}.toml", dice.below(3));
    if fleet.has(&path) {
        fleet.remove(&path);
        return format!("{path}: gone");
    }
    let (oui, model) = *dice.pick(&[
        ("02acce", "acmephone/a1"),
        ("805ec0", "yealink/t54w"),
        ("000b82", "grandstream/gxp2170"),
        ("0004f2", "polycom/vvx450"),
    ]);
    let line = if folder.contains("acme") { format!("extension = \"10{}\"", 1 + dice.below(3)) } else { "user = \"x\"".to_owned() };
    fleet.write(&path, &format!("mac = \"{oui}f1{:04x}\"\nmodel = \"{model}\"\nline = [{{ number = 1, {line} }}]\n", round % 997));
    format!("{path}: a {model}")
}

fn customer(fleet: &Fleet, dice: &mut Dice) -> String {
    let folder = dice.word(&["devices/beta", "devices/north/grocer"]);
    if fleet.has(folder) {
        fs::remove_dir_all(fleet.path(folder)).expect(folder);
        return format!("{folder}: gone");
    }
    fleet.write(&format!("{folder}/customer.toml"), "name = \"New\"\n");
    let mac = if folder.contains("beta") { "02accef20001" } else { "02accef20002" };
    fleet.write(
        &format!("{folder}/phone.toml"),
        &format!("mac = \"{mac}\"\nmodel = \"acmephone/a1\"\nline = [{{ number = 1, user = \"u\" }}]\n"),
    );
    format!("{folder}: a new customer")
}

fn remark(fleet: &Fleet, dice: &mut Dice, round: usize) -> String {
    let tree = fleet.tree("devices");
    let paths: Vec<&str> = tree.paths().collect();
    let path = format!("devices/{}", dice.word(&paths));
    fleet.write(&path, &format!("# round {round}\n{}", fleet.read(&path)));
    format!("{path}: a remark")
}

/// The fleet's own files, to be put back.
pub struct Kept(BTreeMap<String, Vec<u8>>);

impl Kept {
    /// As they are.
    pub fn of(fleet: &Fleet) -> Kept {
        let of = |folder: &str| {
            let tree = fleet.tree(folder);
            let files = tree.contents().into_iter().map(|(path, bytes)| (format!("{folder}/{path}"), bytes.to_vec()));
            files.collect::<Vec<_>>()
        };
        Kept([of("devices"), of("vendors")].into_iter().flatten().collect())
    }

    /// As they were; what did not change is not touched.
    pub fn put_back(&self, fleet: &Fleet) {
        for path in Kept::of(fleet).0.keys().filter(|path| !self.0.contains_key(*path)) {
            fleet.remove(path);
        }
        for (path, bytes) in &self.0 {
            if fs::read(fleet.path(path)).ok().as_ref() != Some(bytes) {
                fleet.write(path, std::str::from_utf8(bytes).expect("UTF-8"));
            }
        }
    }
}
