//! A build that goes on from the last one gives what a clean one gives, whatever was edited in between.
//! `SIPRESS_EDITS=500` makes as many edits; a few dozen where it is not set.

use crate::fleet::Fleet;
use crate::tree::Tree;
use sipress::kit::generate::Dice;

const DEVICES: [&str; 3] = ["devices/acme/reception.toml", "devices/acme/london/desks.toml", "devices/north/bakery/till.toml"];

/// An edit of the small fleet, drawn by lot; some undo others.
fn edit(fleet: &Fleet, dice: &mut Dice, round: usize) -> String {
    let swap = |path: &str, one: &str, other: &str| {
        let text = fleet.read(path);
        let (from, to) = if text.contains(other) { (other, one) } else { (one, other) };
        fleet.write(path, &text.replace(from, to));
        format!("{path}: {from} to {to}")
    };
    match dice.below(14) {
        0 => swap("devices/acme/customer.toml", "transport = \"tls\"", "transport = \"tcp\""),
        1 => swap("devices/fleet.toml", "zone = \"Europe/London\"", "zone = \"Asia/Tokyo\""),
        2 => swap("devices/acme/extensions.toml", "name = \"Ann Lee\"", "name = \"Ann Lie\""),
        3 => swap("devices/acme/phonebook.toml", "[[contact]]", "[[contact]] # who"),
        4 => {
            let book = fleet.read("devices/acme/phonebook.toml");
            fleet.write(
                "devices/acme/phonebook.toml",
                &format!("{book}\n[[contact]]\nname = \"N{round}\"\nnumbers = [{{ number = \"+4420794601{:02}\" }}]\n", round % 100),
            );
            "a contact more".to_owned()
        }
        5 => {
            let path = format!("devices/acme/n{}.toml", dice.below(4));
            if fleet.has(&path) {
                fleet.remove(&path);
                return format!("{path} gone");
            }
            let model = dice.word(&["acmephone/a1", "yealink/t54w", "grandstream/gxp2170", "polycom/vvx450"]);
            let oui = match model {
                "yealink/t54w" => "805ec0",
                "grandstream/gxp2170" => "000b82",
                "polycom/vvx450" => "0004f2",
                _ => "02acce",
            };
            fleet.write(
                &path,
                &format!(
                    "mac = \"{oui}f000{:02x}\"\nmodel = \"{model}\"\n[[line]]\nnumber = 1\nextension = \"10{}\"\n",
                    path.len() + round % 200,
                    1 + dice.below(3)
                ),
            );
            format!("{path}: {model}")
        }
        6 => swap("vendors/acmephone/vendor.toml", "line.transport = \"udp\"", "line.transport = \"tcp\""),
        7 => {
            let path = dice.word(&DEVICES);
            let text = fleet.read(path);
            fleet.write(path, &format!("# round {round}\n{text}"));
            format!("{path}: a remark")
        }
        8 => swap("devices/acme/reception.toml", "value = \"103\"", "value = \"102\""),
        9 => swap("devices/acme/reception.toml", "label = \"Reception\"", "label = \"Front desk\""),
        10 => {
            let path = "devices/acme/london/site.toml";
            let text = fleet.read(path);
            fleet.write(path, &format!("{}\n", text.trim_end()));
            "a line end".to_owned()
        }
        11 => swap("devices/acme/reception.toml", "[[key]]", "[vars]\ngreeting = \"x\"\n\n[[key]]"),
        12 => swap("devices/acme/reception.toml", "package = \"phone\"", "status = \"inactive\"\npackage = \"phone\""),
        _ => swap("vendors/acmephone/book.tera", "{% for", "{#- x -#}{% for"),
    }
}

fn site(fleet: &Fleet, out: &str) -> Tree {
    fleet.tree(&format!("{out}/site"))
}

#[test]
fn going_on_is_as_good_as_beginning_anew() {
    let rounds = std::env::var("SIPRESS_EDITS").ok().and_then(|rounds| rounds.parse().ok()).unwrap_or(40);
    let fleet = Fleet::small();
    let mut dice = Dice::new(11);
    let mut done = Vec::new();
    fleet.build();
    for round in 0..rounds {
        // Sometimes several edits lie between two builds.
        for _ in 0..1 + dice.below(2) {
            done.push(edit(&fleet, &mut dice, round));
        }
        let day = if dice.one_in(5) { "2027-02-03" } else { "2026-12-01" };
        fleet.sipress(&format!("build -q --as-of {day}")).any_stderr().run();
        fleet.sipress(&format!("build -q --as-of {day} --out clean")).any_stderr().run();
        let differ: Vec<String> =
            site(&fleet, "out").changes(&site(&fleet, "clean")).into_iter().filter(|change| !change.starts_with('t')).collect();
        assert_eq!(differ, Vec::<String>::new(), "after {:?}", done.iter().rev().take(3).collect::<Vec<_>>());
        assert_eq!(fleet.read("out/manifest.json"), fleet.read("clean/manifest.json"), "after {:?}", done.last());
        std::fs::remove_dir_all(fleet.path("clean")).expect("the clean build goes");
    }
}

#[test]
fn what_a_device_resolved_to_before_is_not_rendered_again() {
    let fleet = Fleet::small();
    fleet.build();
    fleet.write("devices/acme/reception.toml", &format!("# a remark\n{}", fleet.read("devices/acme/reception.toml")));
    let rendered = || {
        let vendors = fleet.sipress("build --timings --format json").any_stdout().any_stderr().run().json()["timings"]["vendors"].take();
        (vendors[0]["id"].clone(), vendors[0]["devices"].clone(), vendors[0]["rendered"].clone())
    };
    assert_eq!(rendered(), ("acmephone".into(), 5.into(), 0.into()));
    fleet.edit("devices/acme/reception.toml", "label = \"Reception\"", "label = \"Front desk\"");
    assert_eq!(rendered(), ("acmephone".into(), 5.into(), 1.into()));
}
