//! What a printed line may and may not show.

use super::*;
use crate::diagnostic::sources::Source;

fn shown(text: &str) -> String {
    shown_in("devices/acme/a.toml", text)
}

fn shown_in(path: &str, text: &str) -> String {
    let source = Source::new(path, text.to_owned());
    let lines = 1..=text.matches('\n').count() + 1;
    lines.map(|line| source.shown(source.line(line))).collect::<Vec<_>>().join("\n")
}

#[track_caller]
fn hides(text: &str) {
    let shown = shown(text);
    assert!(!shown.contains("hunter2") && !shown.contains("1234"), "{text:?} shows {shown:?}");
    let visible = text.trim_start_matches('\u{feff}').replace("\r\n", "\n");
    assert_eq!(shown.chars().count(), visible.chars().count(), "{text:?} moved: {shown:?}");
}

#[test]
fn the_value_is_covered_and_the_rest_stays() {
    assert_eq!(shown("user = \"200\"\npassword = \"hunter2\"\ncli = 1"), "user = \"200\"\npassword = \"*******\"\ncli = 1");
    assert_eq!(shown("pin = 1234\nport = 5060"), "pin = ****\nport = 5060");
    assert_eq!(shown("a = { user = \"x\", password = 'hunter2', port = 1 }"), "a = { user = \"x\", password = '*******', port = 1 }");
    assert_eq!(shown("codes = [\"12\", \"34\"]"), "codes = [\"**\", \"**\"]");
    assert_eq!(shown("password = { unset = true }"), "password = { unset = true }");
}

#[test]
fn every_spelling_of_a_key_hides_its_value() {
    for text in [
        "password = \"hunter2\"",
        "password=\"hunter2\"",
        "\tpassword\t=\t\"hunter2\"",
        "\"password\" = \"hunter2\"",
        "'admin_password' = 'hunter2'",
        "line.password = \"hunter2\"",
        "line . \"password\" = \"hunter2\"",
        "\"account.1.password\" = \"hunter2\"",
        "adminPassword = \"hunter2\"",
        "secret = \"hunter2\"",
        "encrypt.key = \"hunter2\"",
        "turn = { host = \"h\", secret = \"hunter2\" }",
        "password.value = \"hunter2\"",
        "wifi = [{ ssid = \"x\", secret = \"hunter2\" }, { secret = \"hunter2\" }]",
        "snmp.community = \"hunter2\"",
        "pin = 0x1234",
        "password = \"\\\"hunter2\"",
        "password = 'it\\' # 'hunter2'",
        "password = \"\"\"hunter2\"\"\"",
        "password = \"\"\"\nhunter2\nhunter2\"\"\"\"\" # hunter2",
        "password = '''\r\nhunter2\r\n'''\r\nx = 1",
        "cards = [\n  \"hunter2\", # hunter2\n  \"1234\",\n]",
        "codes = [[\"1234\"], [1234]]",
        "password = { value = \"hunter2\", nested = { a = [\"hunter2\"] } }",
        "[line.secret]\nvalue = \"hunter2\"",
        "[raw]\nP34 = \"hunter2\"\n\"P 35\" = \"hunter2\"",
        "[defaults.raw] # more\nP34 = \"hunter2\"",
        "raw.P34 = \"hunter2\"",
        "raw = { P34 = \"hunter2\", \"x.y\" = 'hunter2' }",
        "[raw]\nP1 = [\n[\"a\"],\n[1, 2],\n]\nP34 = \"hunter2\"",
        "\u{feff}password = \"hunter2\"",
    ] {
        hides(text);
    }
}

#[test]
fn mistakes_show_nothing() {
    for text in [
        "password = hunter2",
        "password = hunter2, x",
        "password = , hunter2",
        "password = \"hunter2",
        "password = \"a\"hunter2\"",
        "password = \"a\", \"hunter2\"",
        "password = 'hun'ter2 hunter2'",
        "password == \"hunter2\"",
        "password: \"hunter2\"",
        "password : hunter2",
        "password =\n\"hunter2\"",
        "password =\n  'hunter2'",
        "password = \"\"\"hunter2\npassword = \"hunter2\"",
        "password = [\"hunter2\"",
        "password = { a = \"hunter2\"",
        "password = { a = hunter2, b = hunter2 }",
        "a = { password = hunter2, user = \"x\" }",
        "a = { password = \"x, user = \"hunter2\" }",
        "name = \"\"\"never closed\npassword = \"hunter2\"",
        "name = [\"never closed\"\npassword = \"hunter2\"",
        "password\" = \"hunter2\"",
        "[raw\nP34 = \"hunter2\"",
        "password = true hunter2",
        "password = 12 hunter2",
        "password = (hunter2)",
        "password = \"x\" \\\nhunter = 1\npassword = \"hunter2\"",
    ] {
        hides(text);
    }
}

#[test]
fn comments_and_urls_show_nothing() {
    for text in [
        "# password = \"hunter2\"",
        "x = 1 # password: hunter2",
        "password = \"x\" # was hunter2",
        "a = { password = \"x\", b = \"#\" } # was hunter2",
        "pin = 1 # was hunter2",
        "url = \"https://user:hunter2@prov.example.net/x\"",
        "url = \"https://prov.example.net/x?token=hunter2&b=1\"",
        "url = \"https://prov.example.net/x?hunter2\"",
        "# see https://user:hun/hunter2@prov.example.net/x",
        "note = \"pin: hunter2\"",
        "cert = '''\n-----BEGIN EC PRIVATE KEY-----\nhunter2\n-----END EC PRIVATE KEY-----\n'''",
        "cert = \"-----BEGIN PRIVATE KEY-----\\nhunter2",
    ] {
        hides(text);
    }
    assert_eq!(
        shown("url = \"https://prov.example.net/7o74x5epfbdwki2wjdxjmff5vm/805ec0123456.cfg\""),
        "url = \"https://prov.example.net/**************************/805ec0123456.cfg\"",
    );
}

#[test]
fn what_is_no_secret_stays() {
    for text in [
        "[[key]]\ntype = \"blf\"\nvalue = \"102\"",
        "key = [{ type = \"blf\", value = \"102\" }]",
        "[feature.codes]\npark = \"*70\"",
        "feature = { codes = { park = \"*70\" } }",
        "[policy]\nplaintext_secrets = \"deny\"\n\"secret::weak\" = \"warn\"",
        "password_generation = 3",
        "layout = \"token\"",
        "codecs = [\"opus\"]",
        "base_url = \"https://prov.example.net/phones/a.cfg\"",
        "mac = \"80:5e:c0:12:34:56\" # Ann's",
        "[raw]\n[line]\nuser = \"200\"",
        "sip = \"sip:200@example.net\"",
        "codes = [\n# unclosed\n[line]\nuser = \"200\"",
    ] {
        assert_eq!(shown(text).replace("# ********", "# unclosed"), text);
    }
}

#[test]
fn packs_and_templates_are_read_as_what_they_are() {
    let row = "rows = [{ name = \"account.{line}.password\", setting = \"line.password\", key = \"a\", codes = [\"b\"] }]";
    assert_eq!(shown_in("vendors/v/parameters.toml", row), row);
    assert!(!shown_in("vendors/v/vendor.toml", "password = \"hunter2\"").contains("hunter2"));
    let template = "account.1.password = {{ line.password }}\n{\"password\": \"hunter2\", \"a\": 1}";
    assert_eq!(shown_in("devices/a.tera", template), template.replace("hunter2", "*******"));
    assert!(!shown_in("devices/a.tera", "password = hunter2").contains("hunter2"));
}

#[test]
fn any_text_can_be_read() {
    let parts = [
        "password",
        "=",
        " ",
        "\n",
        "\r\n",
        "\"",
        "'",
        "\"\"\"",
        "'''",
        "[",
        "]",
        "{",
        "}",
        ",",
        "#",
        ".",
        ":",
        "\\",
        "raw",
        "é",
        "日本",
        "\u{a0}",
        "\u{2028}",
        "://",
        "@",
        "?",
        "1",
        "true",
        "PRIVATE KEY-----",
        "-----END",
        "\t",
        "\u{feff}",
    ];
    let mut state = 7_u64;
    let mut next = |limit: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % limit
    };
    for _ in 0..20_000 {
        let text: String = (0..next(24)).map(|_| parts[next(parts.len())]).collect();
        let found = secrets("a.toml", &text);
        assert!(found.iter().all(|range| text.get(range.clone()).is_some()), "{text:?}");
        assert!(found.is_sorted_by(|a, b| a.end < b.start), "{text:?}");
        shown(&text);
    }
}

#[test]
fn a_password_never_shows_however_broken_the_text_before_it() {
    let parts = ["x = ", "\"", "'", "\"\"\"", "'''", "[", "]", "{", "}", ",", "#", "y", "\n", " ", "= 1", "[raw]", "é"];
    let mut state = 3_u64;
    let mut next = |limit: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % limit
    };
    for _ in 0..20_000 {
        let before: String = (0..next(12)).map(|_| parts[next(parts.len())]).collect();
        hides(&format!("{before}\npassword = \"hunter2\"\n"));
    }
}

#[test]
fn a_hostile_line_costs_little() {
    for part in ["password=\"x\",", "'=", "://", "pin=[", "PRIVATE KEY-----", "password=#", "=\"", "[raw]", "a.", "pin=1 "] {
        let text = part.repeat(400_000 / part.len());
        #[expect(clippy::disallowed_methods, reason = "a test of how long a hostile line takes")]
        let started = std::time::Instant::now();
        secrets("a.toml", &text);
        assert!(started.elapsed().as_secs() < 5, "{part}");
    }
}
