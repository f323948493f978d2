//! Pictures and rings of the fleet: made as models take them, served at paths that never hold anything else.

use std::fs;
use std::io::Cursor;

use image::{ImageFormat, Rgb, RgbImage};
use sha2::{Digest, Sha256};

use crate::fleet::Fleet;

const UI: &str = "\n[defaults.ui]\nwallpaper = \"brand/Our Lobby.png\"\n";

fn picture(fleet: &Fleet, path: &str, colour: [u8; 3]) {
    let picture = RgbImage::from_fn(640, 400, |x, _| Rgb(if x % 2 == 0 { colour } else { [0, 0, 0] }));
    let mut bytes = Cursor::new(Vec::new());
    picture.write_to(&mut bytes, ImageFormat::Png).expect("a picture");
    fleet.write(path, "");
    fs::write(fleet.path(path), bytes.into_inner()).expect("a file");
}

/// The fleet's own picture, wanted by all phones.
fn with_wallpaper() -> Fleet {
    let fleet = Fleet::small();
    picture(&fleet, "devices/brand/Our Lobby.png", [250, 20, 20]);
    fleet.write("devices/fleet.toml", &(fleet.read("devices/fleet.toml") + UI));
    fleet.sipress("build -q").any_stderr().run();
    fleet
}

/// The value of a parameter in a phone's file.
fn parameter(fleet: &Fleet, device: &str, name: &str) -> Option<String> {
    let text = fleet.read(&fleet.served(&format!("{device}.ini")));
    text.lines().find_map(|line| line.strip_prefix(&format!("{name}=")).map(str::to_owned))
}

fn wallpaper(fleet: &Fleet, device: &str) -> String {
    let url = parameter(fleet, device, "screen.picture").expect("a wallpaper");
    url.strip_prefix("https://prov.example.net/").expect("below base_url").to_owned()
}

fn shared(fleet: &Fleet) -> Vec<String> {
    let tree = fleet.tree("out/site/a");
    tree.contents().keys().map(|path| (*path).to_owned()).collect()
}

#[test]
fn each_model_is_sent_to_a_picture_of_its_screen() {
    let fleet = with_wallpaper();
    let (large, small) = (wallpaper(&fleet, "02acce000001"), wallpaper(&fleet, "02acce000004"));
    for (path, extension, size) in [(&large, "png", (320, 240)), (&small, "bmp", (128, 64))] {
        let bytes = fs::read(fleet.path(&format!("out/site/{path}"))).expect("a picture");
        let picture = image::load_from_memory(&bytes).expect("a picture");
        assert_eq!((picture.width(), picture.height()), size);
        let sum: String = Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(*path, format!("a/{sum}/our-lobby.{extension}"));
    }
    assert_eq!(parameter(&fleet, "02acce000001", "screen.file").as_deref(), Some("our-lobby.png"));
    assert_eq!(shared(&fleet).len(), 2, "customers share");
    for customer in ["acme", "north/bakery"] {
        let shard = fleet.json(&format!("out/manifest/{customer}.json"));
        let asset = shard.as_array().expect("a list").iter().find(|entry| entry["kind"] == "asset").expect("an asset");
        assert_eq!(asset["cache_control"], "public, max-age=31536000, immutable");
        assert_eq!((&asset["sensitivity"], &asset["device"]), (&"public".into(), &serde_json::Value::Null));
    }
}

#[test]
fn another_picture_has_another_path_and_the_old_one_goes() {
    let fleet = with_wallpaper();
    let before = wallpaper(&fleet, "02acce000001");
    fleet.sipress("build").stderr_has("Unchanged").any_stderr().run();
    picture(&fleet, "devices/brand/Our Lobby.png", [20, 20, 250]);
    fleet.sipress("build -q").any_stderr().run();
    let after = wallpaper(&fleet, "02acce000001");
    assert_ne!(before, after);
    assert!(!fleet.has(&format!("out/site/{before}")) && fleet.has(&format!("out/site/{after}")));
    fleet.edit("devices/fleet.toml", UI, "\n");
    fleet.sipress("build -q").stderr_has("file::unused").stderr_has("devices/brand/Our Lobby.png").any_stderr().run();
    assert!(!fleet.has("out/site/a"));
}

#[test]
fn a_picture_of_a_customer_is_its_own() {
    let fleet = Fleet::small();
    picture(&fleet, "devices/acme/pictures/lobby.png", [1, 2, 3]);
    fleet.write("devices/acme/london/site.toml", "name = \"London\"\n[defaults.ui]\nwallpaper = \"../pictures/lobby.png\"\n");
    fleet.sipress("check").stderr_lacks("asset::").any_stderr().any_stdout().run();
    let till = fleet.read("devices/north/bakery/till.toml");
    for path in ["../../acme/pictures/lobby.png", "../../../devices/acme/pictures/lobby.png", "gone.png", "till.toml"] {
        fleet.write("devices/north/bakery/till.toml", &till.replace("\n[[line]]", &format!("ui.wallpaper = \"{path}\"\n\n[[line]]")));
        fleet.sipress("check").exit(1).stderr_has("asset::missing").stderr_has(path).any_stderr().any_stdout().run();
    }
}

#[test]
fn rings_and_damaged_files_are_told_with_the_place() {
    let fleet = Fleet::small();
    let desk = fleet.read("devices/acme/reception.toml");
    fleet.write("devices/acme/reception.toml", &desk.replacen("\n[[line]]", "ui.ringtone_files = [\"ring.wav\"]\n\n[[line]]", 1));
    fs::write(fleet.path("devices/acme/ring.wav"), wav(16000, 800)).expect("a file");
    let told = "\"ring.wav\" is nothing for the Acmephone A2: it has 16000 samples a second, and this phone plays 8000";
    fleet
        .sipress("check")
        .exit(1)
        .stderr_has("asset::unfit")
        .stderr_has(told)
        .stderr_has("reception.toml:5:")
        .any_stderr()
        .any_stdout()
        .run();
    fs::write(fleet.path("devices/acme/ring.wav"), "RIFF").expect("a file");
    fleet.sipress("check").exit(1).stderr_has("asset::unreadable").any_stderr().any_stdout().run();
    fs::write(fleet.path("devices/acme/ring.wav"), wav(8000, 800)).expect("a file");
    fleet.sipress("build -q").any_stderr().run();
    let url = parameter(&fleet, "02acce000001", "ring.url").expect("a ring");
    assert!(url.starts_with("https://prov.example.net/a/") && url.ends_with("/ring.wav"), "{url}");
}

#[test]
fn what_no_source_tells_is_said_and_served_as_it_is() {
    let fleet = Fleet::small();
    picture(&fleet, "devices/acme/logo.png", [9, 9, 9]);
    let desk = fleet.read("devices/acme/reception.toml");
    fleet.write("devices/acme/reception.toml", &desk.replacen("\n[[line]]", "ui.logo.image = \"logo.png\"\n\n[[line]]", 1));
    fleet.sipress("build").stderr_has("asset::unknown-limits").stderr_has("Acmephone A2").any_stderr().run();
    let url = parameter(&fleet, "02acce000001", "screen.logo").expect("a logo");
    let path = url.replace("https://prov.example.net/", "out/site/");
    assert_eq!(fs::read(fleet.path(&path)).expect("a file"), fs::read(fleet.path("devices/acme/logo.png")).expect("a file"));
}

/// Linear sound of 8 bits.
fn wav(rate: u32, sound: u32) -> Vec<u8> {
    let mut bytes = [&b"RIFF"[..], &(36 + sound).to_le_bytes(), b"WAVEfmt \x10\0\0\0\x01\0\x01\0"].concat();
    bytes.extend([rate.to_le_bytes(), rate.to_le_bytes()].concat());
    bytes.extend([&b"\x01\0\x08\0data"[..], &sound.to_le_bytes()].concat());
    bytes.resize(bytes.len() + sound as usize, 0x80);
    bytes
}
