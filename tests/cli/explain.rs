//! `explain`

use crate::fleet::Fleet;
use crate::show::secrets;

const TRANSPORT: &str = r#"line.transport = "tls"      line 1 of 02acce000002   Desk · Acme Ltd · Acmephone Acmephone A1 · active
   "tls"                    devices/acme/customer.toml:5                 customer   ← wins
   "udp"                    vendors/acmephone/vendor.toml:27             pack default
is written as
   line1.transport = TLS                                        02acce000002.ini:9     (vendors/acmephone/parameters.toml:13)
"#;

#[test]
fn where_a_setting_comes_from() {
    let fleet = Fleet::small();
    fleet.sipress("explain desk line.transport").stdout(TRANSPORT).run();
}

#[test]
fn the_line_of_the_file_is_the_right_one() {
    let fleet = Fleet::small();
    let shown = fleet.sipress("show desk main").any_stdout().run().stdout;
    let line = shown.lines().position(|line| line == "line1.transport=TLS");
    assert_eq!(line, Some(8));
}

#[test]
fn layers_are_told_the_highest_first() {
    let fleet = Fleet::small();
    let printed = fleet.sipress("explain desk time.ntp").any_stdout().run().stdout;
    let layers: Vec<&str> =
        printed.lines().filter_map(|line| line.split_whitespace().nth(1)).filter(|word| word.starts_with("devices/")).collect();
    assert_eq!(layers, ["devices/acme/london/site.toml:2", "devices/fleet.toml:10"]);
}

#[test]
fn an_extension_is_a_layer() {
    let fleet = Fleet::small();
    let call = fleet.sipress("explain desk line.display_name");
    call.stdout_has("devices/acme/extensions.toml:5").stdout_has("extension   ← wins").run();
}

#[test]
fn a_device_with_all_its_settings() {
    let fleet = Fleet::small();
    let call = fleet.sipress("explain reception");
    call.stdout_has("02acce000001   Reception · Acme Ltd")
        .stdout_has("time.zone = \"Europe/London\"")
        .stdout_has("devices/fleet.toml:9")
        .stdout_has("line[2].display_name = \"Ben Carter\"")
        .stdout_has("line[1].password = (secret)")
        .run();
}

#[test]
fn json_says_the_same() {
    let fleet = Fleet::small();
    let one = fleet.sipress("explain desk line.transport --format json").any_stdout().run().json();
    assert_eq!(one["schema"], 1);
    assert_eq!(one["setting"], "line.transport");
    assert_eq!(one["resolved"][0]["layers"][0]["origin"], "devices/acme/customer.toml:5");
    assert_eq!(one["resolved"][0]["layers"][0]["wins"], true);
    assert_eq!(one["resolved"][0]["layers"][1]["scope"], "pack default");
    assert_eq!(one["written"][0]["parameter"], "line1.transport = TLS");
    let all = fleet.sipress("explain desk --format json").any_stdout().run().json();
    assert_eq!(all["device"], "02acce000002");
    assert!(all["settings"].as_array().is_some_and(|rows| rows.len() > 20));
}

#[test]
fn a_value_in_json_is_a_value() {
    let fleet = Fleet::small();
    let one = fleet.sipress("explain desk time.ntp --format json").any_stdout().run().json();
    assert_eq!(one["resolved"][0]["value"], serde_json::json!(["ntp.london.example.net"]));
}

#[test]
fn what_a_code_means() {
    let fleet = Fleet::empty();
    let call = fleet.sipress("explain line::beyond-model");
    call.stdout_has("line::beyond-model").stdout_has("The phone has fewer lines than this one's number.").run();
}

#[test]
fn a_code_in_json_is_json() {
    let printed = Fleet::empty().sipress("explain line::zero --format json").any_stdout().run();
    assert_eq!(printed.json()["code"], "line::zero");
}

#[test]
fn unknown_names_come_with_suggestions() {
    let fleet = Fleet::small();
    for (line, message) in [
        ("receptoin", "there is no device \"receptoin\"\n  = help: did you mean Reception?"),
        ("reception line.trnsport", "there is no setting line.trnsport\n  = help: did you mean line.transport?"),
        ("line::beyond-modl", "there is no code line::beyond-modl\n  = help: did you mean line::beyond-model?"),
    ] {
        let call = fleet.sipress(&format!("explain {line}")).exit(2);
        call.stderr(&format!("error: {message}\n")).run();
    }
}

#[test]
fn a_setting_that_nobody_set_says_so() {
    let fleet = Fleet::small();
    let call = fleet.sipress("explain reception net.vlan.voice.id");
    call.stdout_has("net.vlan.voice.id = nothing").stdout_has("no file of the Acmephone A2 tells it").stdout_lacks("computed").run();
}

#[test]
fn a_code_needs_no_fleet_and_a_device_does() {
    let fleet = Fleet::empty();
    let call = fleet.sipress("explain reception").exit(2);
    call.stderr_has("error: there is no devices/fleet.toml here or above").run();
}

#[test]
fn no_secret_is_shown() {
    let fleet = Fleet::small();
    fleet.build();
    let secrets = secrets(&fleet);
    for setting in ["", "line.password", "admin.login.password", "prov.url", "phonebook.url", "file.main.url", "prov.auth.token"] {
        for format in ["human", "json"] {
            let call = fleet.sipress(&format!("explain reception {setting} --format {format}"));
            let printed = call.any_stdout().run().stdout;
            for secret in &secrets {
                assert!(!printed.contains(secret.as_str()), "{setting}: {printed}");
            }
        }
    }
}

#[test]
fn it_needs_no_key() {
    let fleet = Fleet::small();
    fleet.sipress("explain desk line.transport").without_key().stdout(TRANSPORT).stderr_has("no key is at hand").run();
}

#[test]
fn what_follows_from_the_key_is_that_of_the_build() {
    let fleet = Fleet::small();
    fleet.write("devices/acme/own.toml", "mac = \"805ec0000007\"\nmodel = \"yealink/t54w\"\n[[line]]\nnumber = 1\nextension = \"101\"\n");
    fleet.build();
    let told = |fleet: &Fleet, name: &str| {
        let call = fleet.sipress(&format!("explain 805ec0000007 {name}")).any_stdout();
        call.run().stdout.lines().next().expect("a line").to_owned()
    };
    let served = fleet.read(&fleet.served("805ec0000007.cfg"));
    let shown = fleet.sipress("show 805ec0000007 main").any_stdout().run().stdout;
    let differ = shown.lines().zip(served.lines()).filter(|(shown, served)| shown != served);
    let differ: Vec<&str> = differ.map(|(_, served)| served.split(' ').next().expect("a name")).collect();
    assert!(differ.iter().all(|name| name.contains("password") || name.contains("url") || name.contains("user_name")), "{differ:?}");
    let other = fleet.sipress("show 805ec0000007 main").env("SIPRESS_KEY", crate::fleet::OTHER_KEY).any_stdout().run().stdout;
    assert_ne!(shown, other, "the hour of the nightly update follows from the key");
    assert!(told(&fleet, "prov.poll.spread").contains("prov.poll.spread = "), "{}", told(&fleet, "prov.poll.spread"));
}

#[test]
fn a_setting_is_written_where_its_own_rows_are() {
    let fleet = Fleet::small();
    let device = "mac = \"805ec0000007\"\nmodel = \"yealink/t54w\"\nmedia.codecs = [\"g722\"]\n[[line]]\nnumber = 1\nextension = \"101\"\n";
    fleet.write("devices/acme/own.toml", device);
    fleet.sipress("explain 805ec0000007 media.codecs").stdout_has("account.1.codec.g722.enable = 1").run();
    let call = fleet.sipress("explain 805ec0000007 time.zone").stdout_has("local_time.time_zone = ");
    call.stdout_lacks("ntp_server").stdout_lacks("time_format").run();
}

#[test]
fn the_device_beats_the_extension_and_the_line_both() {
    let fleet = Fleet::small();
    fleet.edit("devices/acme/extensions.toml", "name = \"Ann Lee\"", "name = \"Ann Lee\"\nmedia.codecs = [\"pcma\"]");
    let device = "mac = \"805ec0000007\"\nmodel = \"yealink/t54w\"\n[[line]]\nnumber = 1\nextension = \"101\"\n";
    let codecs = |text: &str, winner: &str, on: &str| {
        fleet.write("devices/acme/own.toml", text);
        fleet.sipress("explain 805ec0000007 media.codecs").stdout_has(&format!("{winner}   ← wins")).run();
        let shown = fleet.sipress("show 805ec0000007 main").any_stdout().run().stdout;
        let own: Vec<&str> = shown.lines().filter(|line| line.starts_with("account.1.codec.") && line.ends_with(".enable = 1")).collect();
        assert_eq!(own, [format!("account.1.codec.{on}.enable = 1")]);
    };
    codecs(device, "extension", "pcma");
    codecs(&device.replace("[[line]]", "media.codecs = [\"g722\"]\n[[line]]"), "device", "g722");
    codecs(&format!("{}media.codecs = [\"pcmu\"]\n", device.replace("[[line]]", "media.codecs = [\"g722\"]\n[[line]]")), "line", "pcmu");
}
