//! Secrets that may stand in clear by the fleet's policy, and still are printed nowhere: in no command, no format, no error.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::fmt::Write;

use data_encoding::{BASE64, BASE64URL_NOPAD, HEXLOWER};
use sha2::{Digest, Sha256};
use sipress::settings::{Kind, Registry, Role, Sensitivity, Setting};

use crate::fleet::Fleet;

const VAULT: &[(&str, &str)] = &[
    ("vendor.toml", include_str!("pack/vault/vendor.toml")),
    ("models.toml", include_str!("pack/vault/models.toml")),
    ("parameters.toml", include_str!("pack/vault/parameters.toml")),
    ("script.tera", include_str!("pack/vault/script.tera")),
    ("vocabulary.txt", include_str!("pack/vault/vocabulary.txt")),
];

const FILES: &[(&str, &str)] = &[
    ("devices/fleet.toml", include_str!("canary/fleet.toml")),
    ("devices/acme/customer.toml", include_str!("canary/customer.toml")),
    ("devices/acme/extensions.toml", include_str!("canary/extensions.toml")),
    ("devices/acme/phone.toml", include_str!("canary/phone.toml")),
];

const PHONE: &str = "devices/acme/phone.toml";

/// The secret that stands in the place of `<name>`: 32 characters of no meaning, or digits where the setting takes no more.
fn canary(name: &str) -> String {
    let digest = Sha256::digest(name.as_bytes());
    let digits = |count: usize| digest.iter().take(count).map(|byte| char::from(b'0' + byte % 10)).collect();
    match name {
        "dect.base.pin" => digits(8),
        "call.lock.pin" => digits(16),
        "relay.codes" => digits(32),
        _ => {
            let letters = BASE64URL_NOPAD.encode(&[&digest[..], &digest[..]].concat());
            letters.chars().filter(char::is_ascii_alphanumeric).take(32).collect()
        }
    }
}

/// The names of the canaries, in a text with their places.
fn names(text: &str) -> Vec<&str> {
    let places = text.split('<').skip(1);
    places.filter_map(|rest| Some(rest.split_once('>')?.0)).collect()
}

fn filled(text: &str) -> String {
    names(text).iter().fold(text.to_owned(), |text, name| text.replace(&format!("<{name}>"), &canary(name)))
}

fn canaries() -> Fleet {
    let fleet = Fleet::small();
    std::fs::remove_dir_all(fleet.path("devices")).unwrap();
    for (path, text) in FILES {
        fleet.write(path, &filled(text));
    }
    for (path, text) in VAULT {
        fleet.write(&format!("vendors/vault/{path}"), text);
    }
    fleet
}

/// All that must not be found: each canary, and what an encoding makes of it.
struct Watch {
    forms: Vec<(String, String)>,
    leaks: RefCell<BTreeSet<String>>,
}

impl Watch {
    fn new(extra: &[&str]) -> Watch {
        let all: String = FILES.iter().map(|(_, text)| *text).collect();
        let names = names(&all);
        let secrets = names.iter().chain(extra).map(|name| (*name, canary(name)));
        let mut watch = Watch { forms: Vec::new(), leaks: RefCell::default() };
        secrets.for_each(|(name, secret)| watch.add(name, &secret));
        watch
    }

    fn add(&mut self, name: &str, secret: &str) {
        let mut form = |how: &str, text: String| self.forms.push((format!("{name} ({how})"), text.to_lowercase()));
        form("plain", secret.to_owned());
        form("reversed", secret.chars().rev().collect());
        form("hex", HEXLOWER.encode(secret.as_bytes()));
        form("sha-256", HEXLOWER.encode(&Sha256::digest(secret.as_bytes())));
        for before in 0..3 {
            let padded = [&b"\0\0\0"[..before], secret.as_bytes()].concat();
            let whole = &padded[..padded.len() / 3 * 3];
            let encoded = BASE64.encode(whole);
            form("base64", encoded[if before == 0 { 0 } else { 4 }..].to_owned());
        }
    }

    fn look(&self, what: &str, text: &[u8]) {
        let text = String::from_utf8_lossy(text).to_lowercase();
        let found = self.forms.iter().filter(|(_, form)| text.contains(form.as_str()));
        let leaks = found.map(|(name, _)| format!("{what} tells {name}"));
        self.leaks.borrow_mut().extend(leaks);
    }

    /// What was found since the last time.
    fn leaks(&self) -> Vec<String> {
        self.leaks.take().into_iter().collect()
    }

    fn done(&self) {
        let leaks = self.leaks();
        assert!(leaks.is_empty(), "{} leaks:\n{}", leaks.len(), leaks.join("\n"));
    }

    /// Runs a command, and looks at all it prints.
    fn run(&self, fleet: &Fleet, line: &str) -> Option<i32> {
        let output = fleet.sipress(line).output();
        self.look(&format!("stdout of `{line}`"), &output.stdout);
        self.look(&format!("stderr of `{line}`"), &output.stderr);
        assert_ne!(output.status.code(), Some(70), "{line}");
        output.status.code()
    }

    /// Checks in every format, wide and in colour, and builds on a narrow terminal. Gives what the check said.
    fn check(&self, fleet: &Fleet, what: &str) -> String {
        let mut line = "check -v --color always".to_owned();
        for format in FORMATS {
            let _ = write!(line, " --report {format}=report.{format}");
        }
        let output = fleet.sipress(&line).env("COLUMNS", "200").output();
        self.look(&format!("stderr, {what},"), &output.stderr);
        for format in FORMATS {
            let report = std::fs::read(fleet.path(&format!("report.{format}")));
            self.look(&format!("the {format} report, {what},"), &report.unwrap_or_default());
        }
        let narrow = fleet.sipress("build").env("COLUMNS", "60").output();
        self.look(&format!("narrow stderr, {what},"), &narrow.stderr);
        String::from_utf8_lossy(&output.stderr).into_owned()
    }
}

const FORMATS: [&str; 7] = ["human", "json", "github", "gitlab", "sarif", "junit", "markdown"];

fn secret_settings() -> impl Iterator<Item = &'static Setting> {
    let all = Registry::get().all().iter();
    all.filter(|setting| setting.sensitivity == Sensitivity::Secret)
}

#[test]
fn there_is_a_canary_in_every_secret_setting() {
    let all: String = FILES.iter().map(|(_, text)| *text).collect();
    let names = names(&all);
    let settable = secret_settings().filter(|setting| setting.role != Role::Derived);
    let missing: Vec<&str> = settable.map(|setting| setting.name.as_str()).filter(|name| !names.contains(name)).collect();
    assert_eq!(missing, [""; 0]);
}

#[test]
fn the_phone_gets_its_secrets() {
    let fleet = canaries();
    fleet.sipress("build -q").any_stderr().run();
    let site = fleet.tree("out/site");
    let text: String = site.contents().values().map(|bytes| String::from_utf8_lossy(bytes).into_owned()).collect();
    for name in [
        "line.password",
        "line.password extension",
        "prov.auth.password",
        "net.wifi[].secret",
        "relay.cards second",
        "raw.params",
        "net.dot1x.password",
        "call.lock.pin",
    ] {
        assert!(text.contains(&canary(name)), "{name}");
    }
}

#[test]
fn no_command_prints_one() {
    let fleet = canaries();
    let mut watch = Watch::new(&[]);
    watch.add("the fleet's key", crate::fleet::KEY);
    assert_eq!(watch.run(&fleet, "check"), Some(0));
    for line in [
        "build",
        "build",
        "build --format json",
        "build -v",
        "show canary",
        "show canary main",
        "show canary tree",
        "show canary script",
        "explain canary",
        "vendors vault",
        "vendors --matrix vault",
        "show canar",
        "show canary nofile",
    ] {
        watch.run(&fleet, line);
        watch.run(&fleet, &format!("{line} --format json --color always"));
    }
    watch.check(&fleet, "a sound fleet");
    watch.done();
}

#[test]
fn no_command_prints_one_of_a_broken_phone() {
    let (fleet, watch) = (canaries(), Watch::new(&[]));
    fleet.edit(PHONE, "vault/v1", "vault/v9");
    for line in ["show canary", "show canary main --reveal", "explain canary", "explain canary prov.url"] {
        assert_eq!(watch.run(&fleet, line), Some(1));
    }
    watch.done();
}

#[test]
fn no_setting_is_explained_by_its_secret() {
    let (fleet, watch) = (canaries(), Watch::new(&[]));
    for setting in Registry::get().all().iter().filter(|setting| {
        let area = setting.name.split('.').next().unwrap_or_default();
        setting.sensitivity == Sensitivity::Secret || ["prov", "phonebook", "firmware"].contains(&area)
    }) {
        let code = watch.run(&fleet, &format!("explain canary {}", setting.name));
        assert_eq!(code, Some(if setting.kind == Kind::Table { 2 } else { 0 }), "{}", setting.name);
        watch.run(&fleet, &format!("explain canary {} --format json", setting.name));
    }
    watch.done();
}

#[test]
fn a_secret_in_clear_is_told_without_it() {
    for level in ["deny", "warn"] {
        let (fleet, watch) = (canaries(), Watch::new(&[]));
        fleet.edit("devices/fleet.toml", "\"allow\"", &format!("\"{level}\""));
        let told = watch.check(&fleet, level);
        assert!(told.matches("secret::in-clear").count() > 15, "{told}");
        watch.done();
    }
}

#[test]
fn an_exposed_secret_is_told_without_it() {
    let (fleet, watch) = (canaries(), Watch::new(&[]));
    fleet.edit("devices/fleet.toml", "\"token\"", "\"flat\"");
    assert!(watch.check(&fleet, "exposed").contains("secret::exposed"));
    watch.done();
}

#[test]
fn settings_that_a_model_ignores_are_told_without_their_secrets() {
    let (fleet, watch) = (canaries(), Watch::new(&[]));
    fleet.edit(PHONE, "vault/v1", "acmephone/a1");
    let told = watch.check(&fleet, "another model");
    assert!(told.contains("setting::ignored") && told.contains("raw::unknown-parameter"), "{told}");
    watch.done();
}

/// A mistake: where, what is replaced by what, and the code it gives.
type Mistake = (&'static str, &'static str, &'static str, &'static str);

const OWN: &str = "password = \"<prov.auth.password>\"";
const LINE: &str = "user = \"200\"\npassword = \"<line.password>\"";

const MISTAKES: &[Mistake] = &[
    // TOML that breaks at a secret
    (PHONE, OWN, "password = \"<x>", "toml::syntax"),
    (PHONE, OWN, "password = <x>", "toml::syntax"),
    (PHONE, OWN, "password = \"<x>\" \"<y>\"", "toml::syntax"),
    (PHONE, OWN, "password \"<x>\"", "toml::syntax"),
    (PHONE, OWN, "password = \"<x>\"\npassword = \"<y>\"", "toml::"),
    (PHONE, OWN, "password = '''\n<x>\n", "toml::syntax"),
    (PHONE, OWN, "pass = word = \"<x>\"", "toml::syntax"),
    (PHONE, OWN, "password = \"<x>\\q\"", "toml::syntax"),
    (PHONE, "secret = \"<net.wifi[].secret>\" }]", "secret = \"<x>\" ]", "toml::syntax"),
    // keys that nearly are one
    (PHONE, OWN, "passwrod = \"<x>\"", "toml::unknown-key"),
    (PHONE, OWN, "pasword = \"<x>\"", "toml::unknown-key"),
    (PHONE, OWN, "Password = \"<x>\"", "toml::unknown-key"),
    (PHONE, OWN, "\"pass word\" = \"<x>\"", "toml::unknown-key"),
    (PHONE, OWN, "admin_pasword = \"<x>\"", "toml::unknown-key"),
    (PHONE, LINE, "user = \"200\"\npasswort = \"<x>\"", "toml::unknown-key"),
    (PHONE, LINE, "user = \"200\"\nsecert = \"<x>\"", "toml::unknown-key"),
    (PHONE, "encrypt = { key", "encrypt = { kye = \"<x>\", key", "toml::unknown-key"),
    (PHONE, "lock.pin", "lock.pinn = \"<x>\"\nlock.pin", "toml::unknown-key"),
    (PHONE, "secret = \"", "secrete = \"<x>\", secret = \"", "toml::unknown-key"),
    ("devices/acme/extensions.toml", "password", "passwd = \"<x>\"\npassword", "toml::unknown-key"),
    ("devices/fleet.toml", "community = ", "comunity = \"<x>\"\ncommunity = ", "toml::unknown-key"),
    // values of another type or form
    (PHONE, OWN, "password = [\"<x>\"]", "toml::wrong-type"),
    (PHONE, OWN, "password = { value = \"<x>\" }", "toml::wrong-type"),
    (PHONE, "wifi = [{", "wifi = [\"<x>\", {", "toml::wrong-type"),
    (PHONE, "encrypt = { key = \"<prov.encrypt.key>\" }", "encrypt = \"<x>\"", "toml::wrong-type"),
    (PHONE, "codes = [\"<relay.codes>\"]", "codes = \"<x>\"", "toml::wrong-type"),
    (PHONE, "codes = [\"<relay.codes>\"]", "codes = [\"<x>\"]", ""),
    (PHONE, "admin_password = \"", "admin_password = \"<x><y>", "value::too-long"),
    (PHONE, "lock.pin = \"", "lock.pin = \"<x>", "value::too-long"),
    (PHONE, OWN, "password = \"<x>\\u0007\"", "text::hostile"),
    (PHONE, OWN, "password = \"<x>\\u202e\"", "text::hostile"),
    (PHONE, OWN, "password = \"<x>\\n<y>\"", ""),
    (PHONE, LINE, "user = \"200\"\npassword = \"\"\"\n<x>\n<y>\n\"\"\"", ""),
    (PHONE, "phonebook_uri = \"https://books.example.net/", "phonebook_uri = \"books <x>/", "value::invalid"),
    (PHONE, "provision_uri = \"https://login:", "provision_uri = \"htps:/login:<x>", "value::invalid"),
    (PHONE, "firmware_uri = \"https://login:", "firmware_uri = \"login:<x>", "value::invalid"),
    (PHONE, "client_cert.url = \"https://certs.example.net/", "client_cert.url = \"certs <x>/", "value::invalid"),
    // values that the vendor cannot spell
    (PHONE, "cards = [\"", "cards = [\"<x>,<y>\", \"", ""),
    (PHONE, OWN, "password = \"<x>;<y>\"", ""),
    (PHONE, OWN, "password = \" <x> \"", ""),
    (PHONE, OWN, "password = \"DEFAULT\"", ""),
    // findings that stand on the same line as a secret
    (
        PHONE,
        "[[line]]\nnumber = 1\nextension = \"101\"",
        "[[line]]\nnumber = 1\nextension = \"101\"\n[[line]]\nnumber = 1\nuser = \"x\"\npassword = \"<x>\"",
        "line::duplicate-number",
    ),
    (PHONE, "wifi = [{ ssid = \"office\", security = \"wpa2-psk\"", "wifi = [{ ssid = 5, security = \"wpa9\"", "toml::wrong-type"),
    (PHONE, "[[relay]]\nnumber = 1", "[[relay]]\nnumber = 3", "part::beyond-model"),
    (PHONE, "[[line]]\nnumber = 2\nuser = \"200\"\n", "[[line]]\nnumber = 7\nuser = \"200\"\n", "line::beyond-model"),
    (PHONE, "model = \"vault/v1\"", "model = \"vault/v9\"  # password = \"<x>\"", "device::unknown-model"),
    (PHONE, "label = \"Canary\"", "lable = \"Canary\"  # old: secret=<x>", "toml::unknown-key"),
    (PHONE, "\"snmp.community\" =", "\"snmp.comunity\" =", "raw::unknown-parameter"),
    (PHONE, "\"snmp.community\" =", "\"anything\" =", "raw::unknown-parameter"),
    (PHONE, "\"snmp.community\" = \"<raw.params>\"", "\"snmp.community\" = [\"<x>\"]", "toml::wrong-type"),
    (PHONE, "\"snmp.community\" = \"<raw.params>\"", "\"snmp.community\" = \"<x>\\n\"", ""),
    ("devices/acme/extensions.toml", "[101]", "[\"1 0 1\"]", "value::invalid"),
    ("devices/acme/customer.toml", "[defaults.line]", "[defaults.lnie]", "toml::unknown-key"),
    ("devices/acme/customer.toml", "ldap.bind.password", "ldap.bnid.password", "toml::unknown-key"),
    ("devices/fleet.toml", "[defaults.sip.turn]", "[defaults.sip.trun]", "toml::unknown-key"),
    ("devices/fleet.toml", "layout = \"token\"", "layout = \"token\"\ndemo_key = \"<x>\"", "value::invalid"),
    ("devices/fleet.toml", "layout = \"token\"", "layout = \"token\"\ndemo_kye = \"<x>\"", "toml::unknown-key"),
    ("devices/fleet.toml", "layout = \"token\"", "layout = \"token\"\ndemo_key = [\"<x>\"]", "toml::wrong-type"),
    ("devices/fleet.toml", "base_url = \"https://", "base_url = \"https://login:<x>@", ""),
    ("devices/fleet.toml", "base_url = \"https://", "base_url = \"htps:/login:<x>@", "value::invalid"),
    // packs and templates that break over a secret
    ("vendors/vault/script.tera", "admin {{", "{{ admin.login.password | nofilter }} {{", "template::error"),
    ("vendors/vault/script.tera", "admin {{", "{{ 1 + prov.auth.password }} {{", "template::error"),
    ("vendors/vault/script.tera", "admin {{", "{{ throw(message=prov.auth.password) }} {{", "template::error"),
    ("vendors/vault/script.tera", "admin {{", "{{ prov.auth.password.part }} {{", "template::error"),
    ("vendors/vault/script.tera", "admin {{", "{{ prov.auth.password | round }} {{", "template::error"),
    ("vendors/vault/script.tera", "admin {{", "{% for x in prov.auth.password %}{{ x.y }}{% endfor %} {{", "template::error"),
    ("vendors/vault/parameters.toml", "setting = \"net.pppoe.password\"", "setting = \"net.pppoe.password\", unit = \"min\"", "vendor::"),
    ("vendors/vault/parameters.toml", "setting = \"net.pppoe.password\"", "setting = \"net.pppoe.password\", values = { a = \"b\" }", ""),
    (
        "vendors/vault/parameters.toml",
        "setting = \"net.pppoe.password\"",
        "setting = \"net.pppoe.password\", forbid = \"abcdefghijklmnopqrstuvwxyz0123456789\"",
        "",
    ),
    ("vendors/vault/parameters.toml", "\"id:{net.dot1x.password}\"", "\"{net.dot1x.password}{net.dot1x.identity}\"", ""),
];

#[test]
fn no_mistake_brings_one_out() {
    let watch = Watch::new(&["x", "y"]);
    let mut wrong = Vec::new();
    for (path, from, to, code) in MISTAKES {
        let fleet = canaries();
        fleet.edit(path, &filled(from), &filled(to));
        let told = watch.check(&fleet, to);
        wrong.extend(watch.leaks());
        if !told.contains(code) {
            wrong.push(format!("{to}: no {code} in\n{told}"));
        }
    }
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), MISTAKES.len(), wrong.join("\n\n"));
}

#[test]
fn a_file_in_another_encoding_is_told_without_its_secrets() {
    let (fleet, watch) = (canaries(), Watch::new(&["x"]));
    let mut bytes = fleet.read(PHONE).into_bytes();
    let at = fleet.read(PHONE).find(&canary("prov.auth.password")).expect("a canary");
    bytes[at + 5] = 0xe9;
    std::fs::write(fleet.path(PHONE), bytes).unwrap();
    let told = watch.check(&fleet, "another encoding");
    assert!(told.contains("file::not-utf8"), "{told}");
    let rest = &canary("prov.auth.password")[8..];
    assert!(!told.contains(rest), "{told}");
    watch.done();
}

#[test]
fn a_key_of_another_form_is_told_without_it() {
    let (fleet, watch) = (canaries(), Watch::new(&["x"]));
    fleet.write("key", &canary("x"));
    assert_eq!(watch.run(&fleet, "build --key-file key"), Some(2));
    fleet.write("sipress.key", &canary("x"));
    let output = fleet.sipress("build").without_key().output();
    watch.look("a key beside the fleet", &output.stderr);
    let output = fleet.sipress("build").env("SIPRESS_KEY", &canary("x")).output();
    watch.look("a key in the environment", &output.stderr);
    watch.done();
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn what_is_kept_beside_the_site_is_private_and_holds_none_in_clear() {
    let (fleet, watch) = (canaries(), Watch::new(&[]));
    fleet.sipress("build -q").any_stderr().run();
    let out = fleet.tree("out");
    for (path, bytes) in out.contents() {
        if !path.starts_with("site/") && !path.starts_with(".cache/") {
            watch.look(path, bytes);
        }
    }
    watch.done();
}
