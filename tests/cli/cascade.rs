//! Which layer wins: vendor pack, model, fleet, service provider, customer, site, extension, device, line.

use crate::fleet::Fleet;

const PHONE: &str = r#"
mac = "80:5e:c0:00:00:01"
model = "yealink/t54w"
label = "Layers"
package = "phone"

[[line]]
number = 1
extension = "101"

[[line]]
number = 2
extension = "102"
"#;

/// A phone whose two lines write `sip.session_timer.interval` once each.
fn layers() -> Fleet {
    let fleet = Fleet::small();
    fleet.write("devices/acme/london/layers.toml", PHONE);
    fleet
}

/// The intervals of both lines, as the phone is told them.
fn intervals(fleet: &Fleet) -> [String; 2] {
    let shown = fleet.sipress("show layers main").any_stdout().run().stdout;
    ["1", "2"].map(|line| {
        let name = format!("account.{line}.session_timer.expires = ");
        shown.lines().find_map(|line| line.strip_prefix(&name)).unwrap_or("nothing").to_owned()
    })
}

#[test]
fn each_layer_beats_those_below_it() {
    let fleet = layers();
    let timer = |seconds: u32| format!("\n[defaults.sip]\nsession_timer = {{ interval = {seconds} }}\n");
    let add = |path: &str, text: &str, expected: [&str; 2]| {
        let before = if fleet.has(path) { fleet.read(path) } else { String::new() };
        fleet.write(path, &format!("{before}{text}"));
        assert_eq!(intervals(&fleet), expected, "{path}");
    };
    add("devices/fleet.toml", &timer(100), ["100", "100"]);
    add("devices/fleet.toml", "[defaults.vendor.yealink.sip]\nsession_timer = { interval = 110 }\n", ["110", "110"]);
    add("devices/fleet.toml", "[defaults.model.\"yealink/t54w\".sip]\nsession_timer = { interval = 120 }\n", ["120", "120"]);
    add("devices/acme/customer.toml", &timer(200), ["200", "200"]);
    add("devices/acme/london/site.toml", &timer(300), ["300", "300"]);
    add("devices/acme/extensions.toml", "sip = { session_timer = { interval = 400 } }\n[104]\n", ["300", "300"]);
    fleet.edit("devices/acme/extensions.toml", "[102]", "sip = { session_timer = { interval = 500 } }\n[102]");
    assert_eq!(intervals(&fleet), ["500", "300"], "the extension");
    fleet.edit(
        "devices/acme/london/layers.toml",
        "[[line]]\nnumber = 1",
        "[sip]\nsession_timer = { interval = 600 }\n[[line]]\nnumber = 1",
    );
    assert_eq!(intervals(&fleet), ["600", "600"], "the device");
    fleet.edit(
        "devices/acme/london/layers.toml",
        "extension = \"102\"",
        "extension = \"102\"\nsip = { session_timer = { interval = 700 } }",
    );
    assert_eq!(intervals(&fleet), ["600", "700"], "the line");
}

const DEVICE_WINS: &str = r#"sip.session_timer.interval = 600      device of 805ec0000001   Layers · Acme Ltd · Yealink SIP-T54W · active
   600                      devices/acme/london/layers.toml:8            device   ← wins
   300                      devices/fleet.toml:9                         fleet
sip.session_timer.interval = 600      line 1 of 805ec0000001   Layers · Acme Ltd · Yealink SIP-T54W · active
   600                      devices/acme/london/layers.toml:8            device   ← wins
   500                      devices/acme/extensions.toml:4               extension
   300                      devices/fleet.toml:9                         fleet
sip.session_timer.interval = 700      line 2 of 805ec0000001   Layers · Acme Ltd · Yealink SIP-T54W · active
   700                      devices/acme/london/layers.toml:16           line   ← wins
   600                      devices/acme/london/layers.toml:8            device
   300                      devices/fleet.toml:9                         fleet
is written as
"#;

#[test]
fn explain_names_every_layer_and_the_winner() {
    let fleet = layers();
    fleet.edit("devices/fleet.toml", "[defaults.time]", "[defaults.sip]\nsession_timer = { interval = 300 }\n\n[defaults.time]");
    fleet.edit("devices/acme/extensions.toml", "[102]", "sip = { session_timer = { interval = 500 } }\n[102]");
    fleet.edit(
        "devices/acme/london/layers.toml",
        "[[line]]\nnumber = 1",
        "[sip]\nsession_timer = { interval = 600 }\n[[line]]\nnumber = 1",
    );
    fleet.edit(
        "devices/acme/london/layers.toml",
        "extension = \"102\"",
        "extension = \"102\"\nsip = { session_timer = { interval = 700 } }",
    );
    let printed = fleet.sipress("explain layers sip.session_timer.interval").any_stdout().run().stdout;
    assert!(printed.starts_with(DEVICE_WINS), "{printed}");
}

#[test]
fn a_device_that_unsets_unsets_for_the_extension_too() {
    let fleet = layers();
    fleet.edit("devices/acme/extensions.toml", "[102]", "sip = { session_timer = { interval = 500 } }\n[102]");
    assert_eq!(intervals(&fleet)[0], "500");
    fleet.edit(
        "devices/acme/london/layers.toml",
        "[[line]]\nnumber = 1",
        "sip = { session_timer = { unset = true } }\n[[line]]\nnumber = 1",
    );
    assert_ne!(intervals(&fleet)[0], "500");
}

#[test]
fn a_part_of_a_list_is_explained_with_its_list() {
    let fleet = layers();
    fleet.edit(
        "devices/acme/london/layers.toml",
        "[[line]]\nnumber = 1",
        "net = { wifi = [{ ssid = \"office\", priority = 1 }] }\n[[line]]\nnumber = 1",
    );
    let list = fleet.sipress("explain layers net.wifi").any_stdout().run().stdout;
    assert!(list.starts_with("net.wifi = [{\"priority\":1,\"ssid\":\"office\"}]"), "{list}");
    fleet.sipress("explain layers net.wifi[].ssid").stdout(&list).run();
}

#[test]
fn a_table_of_settings_names_its_settings() {
    let fleet = layers();
    let call = fleet.sipress("explain layers sip.stun").exit(2);
    call.stderr("error: sip.stun is a table of settings\n  = help: name one of them: sip.stun.host, sip.stun.port\n").run();
}
