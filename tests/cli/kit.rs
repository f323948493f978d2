//! `vendors new` and `vendors test`

use crate::fleet::Fleet;

const DEVICE: &str = "mac = \"020000000009\"\nmodel = \"acme-phones/one\"\n[[line]]\nnumber = 1\nuser = \"900\"\n";

fn begun(vendor: &str) -> Fleet {
    let fleet = Fleet::empty();
    fleet.sipress("init").any_stderr().run();
    let call = fleet.sipress(&format!("vendors new {vendor}"));
    call.stderr_has(&format!("Wrote  vendors/{vendor}/vendor.toml")).run();
    fleet.sipress(&format!("vendors test {vendor} --bless")).any_stdout().run();
    fleet
}

#[test]
fn a_new_pack_passes_its_own_tests_and_builds() {
    let fleet = begun("acme-phones");
    let golden = fleet.read("tests/vendors/acme-phones/one.golden");
    assert!(golden.contains("account.1.password = golden-password-1\n") && golden.contains("key.2.type = 3\n"), "{golden}");
    let tested = fleet.sipress("vendors test vendors/acme-phones").any_stdout().run().stdout;
    for aspect in ["plans", "vocabulary", "aliases", "sizes", "time zones", "round trips", "goldens"] {
        assert!(tested.lines().any(|line| line.trim_start().starts_with(aspect) && line.contains(" ok ")), "{aspect}: {tested}");
    }
    fleet.write("devices/example/own.toml", DEVICE);
    fleet.sipress("show 020000000009 main").stdout_has("account.1.user = 900").any_stderr().run();
}

#[test]
fn a_pack_that_lies_fails_its_tests() {
    let fleet = begun("liar");
    for (file, from, to, aspect) in [
        ("vendor.toml", "tls = \"2\"", "tls = \"1\"", "round trips"),
        ("vocabulary.txt", "account.X.auth\n", "", "vocabulary"),
        ("models.toml", "confidence = \"1\"", "", "plans"),
        ("models.toml", "aliases = [\"liar-One\"]", "screen = \"wide\"", "pack"),
        ("parameters.toml", "setting = \"line.label\"", "setting = \"line.lable\"", "plans"),
        ("parameters.toml", "setting = \"time.ntp.1\"", "setting = \"time.ntp.1\", values = { \"\" = \"none\" }", "plans"),
        ("keys.toml", "code = \"3\"", "code = \"4\"", "goldens"),
        ("vendor.toml", "id = \"liar\"", "id = \"liar\"\nextends = \"nobody\"", "pack"),
    ] {
        let path = format!("vendors/liar/{file}");
        let whole = fleet.read(&path);
        assert!(whole.contains(from), "{file} has {from}");
        fleet.write(&path, &whole.replace(from, to));
        let tested = fleet.sipress("vendors test liar").exit(1).any_stdout().run().stdout;
        let failed = tested.lines().any(|line| line.trim_start().starts_with(aspect) && line.contains("FAILED"));
        assert!(failed || aspect == "pack" && tested.contains("it cannot be loaded"), "{file}: {aspect} fails: {tested}");
        fleet.write(&path, &whole);
    }
}

#[test]
fn a_pack_may_extend_another() {
    let fleet = Fleet::empty();
    fleet.sipress("init").any_stderr().run();
    fleet.write("vendors/rebadged/vendor.toml", "id = \"rebadged\"\nname = \"Rebadged\"\nextends = \"yealink\"\n");
    let model = "[model.r54]\nname = \"R54\"\nfamily = \"t5x\"\nlines = 2\nkeys = { line = 4 }\nmodules = 0\nconfidence = \"1\"\n";
    fleet.write("vendors/rebadged/models.toml", model);
    let names = || {
        let tested = fleet.sipress("vendors test rebadged").any_stdout().run().stdout;
        let line = tested.lines().find(|line| line.contains("vocabulary")).expect("a line").to_owned();
        line.split_whitespace().nth(2).expect("a count").parse::<usize>().expect("a number")
    };
    assert!(names() > 500, "all that the other pack's models are told");
    fleet.write("vendors/rebadged/vocabulary.txt", "account.X.enable\naccount.X.user_name\n");
    assert_eq!(names(), 4, "two names at two lines");
    let matrix = fleet.sipress("vendors --matrix rebadged").any_stdout().run().stdout;
    assert!(
        matrix.contains("line.user") && !matrix.contains("line.transport"),
        "what a narrower vocabulary leaves out is not told: {matrix}"
    );
}

#[test]
fn a_constant_counts_with_its_series() {
    let fleet = begun("acme-phones");
    let path = "vendors/acme-phones/parameters.toml";
    let whole = fleet.read(path);
    let counted = |constant: &str| {
        let rows = format!("rows = [ {{ name = \"account.{{line}}.user\", constant = \"{constant}\" }} ]");
        fleet.write(path, &format!("{whole}\n[[group]]\nfor = \"line\"\n{rows}\n"));
    };
    fleet.write("devices/example/own.toml", DEVICE);
    for (constant, text) in [("*72#{line:04}", "*72#0001"), ("{line-1}{line+1}", "02"), ("plain", "plain")] {
        counted(constant);
        fleet.sipress("show 020000000009 main").stdout_has(&format!("account.1.user = {text}\n")).any_stderr().run();
    }
    counted("{line-2}");
    let shown = fleet.sipress("show 020000000009 main").any_stdout().any_stderr().run().stdout;
    assert!(!shown.contains("account.1.user"), "an index below zero is nowhere, as in names: {shown}");
    counted("{line");
    fleet.sipress("check").exit(1).stderr_has(path).stderr_has("a `{` is not closed in `{line`").run();
}

#[test]
fn wrong_words_are_explained() {
    let fleet = begun("twice");
    fleet.sipress("vendors new").arg("Acme Phones").exit(2).stderr_has("lower case").run();
    fleet.sipress("vendors test nobody").exit(2).stderr_has("there is no pack \"nobody\"").run();
    fleet.sipress("vendors new twice").exit(2).stderr_has("vendors/twice is there already").run();
}

/// The pack of `vendors new` with more rows.
fn with_rows(fleet: &Fleet, rows: &str) {
    let path = "vendors/acme-phones/parameters.toml";
    let whole = fleet.read(path);
    let kept = whole.split("\n# more\n").next().unwrap_or_default();
    fleet.write(path, &format!("{kept}\n# more\n{rows}\n"));
}

#[test]
fn values_may_choose_among_maps_by_name() {
    let fleet = begun("acme-phones");
    fleet.write("vendors/acme-phones/maps/early.tsv", "udp\tU\ntcp\tT\n");
    fleet.write("vendors/acme-phones/maps/late.tsv", "udp\tUDP\ntcp\tTCP\n");
    fleet.write("devices/example/own.toml", &format!("{DEVICE}transport = \"udp\"\n"));
    // `two` is no model, family or tag: the table is of values.
    for (model, word) in [("one", "U"), ("two", "late")] {
        let values = format!("{{ {model} = \"early\", \"*\" = \"late\" }}");
        let row = format!("{{ name = \"kind.{{line}}\", setting = \"line.transport\", values = {values} }}");
        with_rows(&fleet, &format!("[[group]]\nfor = \"line\"\nrows = [ {row} ]"));
        fleet.sipress("show 020000000009 main").stdout_has(&format!("kind.1 = {word}\n")).any_stderr().run();
    }
}

#[test]
fn a_hole_that_counts_nothing_is_told() {
    let fleet = begun("acme-phones");
    fleet.write("devices/example/own.toml", DEVICE);
    let row = |fields: &str| with_rows(&fleet, &format!("[[group]]\nfor = \"line\"\nrows = [ {{ {fields} }} ]"));
    for fields in [
        "name = \"x.{lin}\", constant = \"1\"",
        "name = \"x.{line}\", constant = \"{lin:02}\"",
        "name = \"x.{line}.{key}\", constant = \"1\"",
    ] {
        row(fields);
        let word = if fields.contains("key") { "key" } else { "lin" };
        fleet
            .sipress("check")
            .exit(1)
            .stderr_has(&format!("`{word}` in braces is neither a series of this row nor a number of a model"))
            .run();
    }
}

#[test]
fn what_a_row_cannot_hold_is_told() {
    let fleet = begun("acme-phones");
    fleet.write("devices/example/own.toml", DEVICE);
    for (fields, told) in [
        ("setting = \"line.label\", absent = \"{line}\"", "`absent` is written as it stands"),
        ("setting = \"media.codecs\", join = \",\", before = \"{line.user}:\"", "`before` is written as it stands"),
        ("format = \"{line.number}:{line.user}\"", "`line.number` is a place and no value"),
    ] {
        with_rows(&fleet, &format!("[[group]]\nfor = \"line\"\nrows = [ {{ name = \"x.{{line}}\", {fields} }} ]"));
        fleet.sipress("check").exit(1).stderr_has(told).run();
    }
}

/// A gate that never opens would leave its row out without a word.
#[test]
fn a_gate_that_never_opens_is_told() {
    let fleet = begun("acme-phones");
    fleet.write("devices/example/own.toml", DEVICE);
    for (gate, told) in [
        ("firmware = \">= 3.1, < 5.0\"", "firmware `>= 3.1, < 5.0` is no condition such as \">= 8.7\"; several are a list"),
        ("family = \"nobody\"", "there is no family `nobody`"),
        ("model = [\"one\", \"eno\"]", "there is no model `eno`"),
        ("tag = \"old\"", "there is no tag `old`"),
        ("class = \"desk\"", "there is no class `desk`"),
    ] {
        with_rows(&fleet, &format!("[[group]]\nrows = [ {{ name = \"x\", constant = \"1\", {gate} }} ]"));
        fleet.sipress("check").exit(1).stderr_has(told).run();
    }
    with_rows(&fleet, "");
    let series = "[series]\nmore = { list = \"key\", area = \"line\", to = \"keys_line\" }\n";
    fleet.edit("vendors/acme-phones/vendor.toml", "[series]\n", series);
    fleet.sipress("check").exit(1).stderr_has("series `more` counts to `keys_line`, a number that no model has").run();
}

#[test]
fn forbidden_characters_are_refused_in_plain_settings_too() {
    let fleet = begun("acme-phones");
    fleet.write("devices/example/own.toml", &format!("{DEVICE}display_name = \"A;B\"\n"));
    with_rows(&fleet, "[[group]]\nfor = \"line\"\nforbid = \";\"\nrows = [ { name = \"shown.{line}\", setting = \"line.display_name\" } ]");
    fleet.sipress("check").exit(1).stderr_has("it holds `;`, which ends the value for this phone").run();
}

#[test]
fn an_offset_without_its_summer_time_is_not_the_time() {
    let fleet = begun("acme-phones");
    let path = "vendors/acme-phones/parameters.toml";
    let whole = fleet.read(path);
    let kept: Vec<&str> = whole.lines().filter(|line| !line.contains("\"time.dst\"")).collect();
    fleet.write(path, &kept.join("\n"));
    let tested = fleet.sipress("vendors test acme-phones").any_stdout().exit(1).run().stdout;
    assert!(tested.contains("is told an offset and no daylight-saving rule"), "{tested}");
}

#[test]
fn a_list_of_tables_is_joined_entry_by_entry() {
    let fleet = begun("acme-phones");
    let joined = |item: &str| {
        let rows = format!(
            "{{ name = \"backups.{{line}}\", setting = \"line.registrar.backups\", join = \"|\", item = \"{item}\", forbid = \";\" }}"
        );
        with_rows(&fleet, &format!("[[group]]\nfor = \"line\"\nrows = [ {rows} ]"));
    };
    let backups =
        "registrar = { host = \"a.example.net\", backups = [{ host = \"b.example.net\", port = 5062 }, { host = \"c.example.net\" }] }\n";
    fleet.write("devices/example/own.toml", &format!("{DEVICE}{backups}"));
    joined("{item.host}[:{item.port}]");
    fleet.sipress("show 020000000009 main").stdout_has("backups.1 = b.example.net:5062|c.example.net").any_stderr().run();
    joined("{item.host}:{item.weight}");
    fleet.sipress("check").exit(1).stderr_has("has no part `weight`").run();
}

#[test]
fn not_a_character_of_a_secret_is_told() {
    let fleet = begun("acme-phones");
    with_rows(&fleet, "[[group]]\nfor = \"line\"\nforbid = \"~\"\nrows = [ { name = \"pass.{line}\", setting = \"line.password\" } ]");
    fleet.write("devices/fleet.toml", &format!("{}\n[policy]\nplaintext_secrets = \"allow\"\n", fleet.read("devices/fleet.toml")));
    fleet.write("devices/example/own.toml", &format!("{DEVICE}password = \"Xq7mK2~vR9tB4wZ1\"\n"));
    fleet
        .sipress("check")
        .exit(1)
        .stderr_has("cannot be told `line.password`")
        .stderr_has("it holds a character that does not fit")
        .stderr_lacks("~")
        .run();
}
