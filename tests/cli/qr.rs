//! `report qr`

use std::fs;
use std::os::unix::fs::PermissionsExt;

use crate::fleet::Fleet;

const APP: &str = "uuid = \"3f2b8c1e-5d0a-4c57-9a1e-7b6f0d2c4e11\"\nmodel = \"linphone/linphone\"\nlabel = \"Field app\"\n[[line]]\nnumber = 1\nuser = \"900\"\n";
const OFF: &str = "uuid = \"8d4f6a02-91b7-4e6e-8c33-0a5d7e1f2b94\"\nmodel = \"linphone/linphone\"\nstatus = \"inactive\"\n[[line]]\nnumber = 1\nuser = \"901\"\n";
const SVG: &str = "reports/qr/acme/3f2b8c1e-5d0a-4c57-9a1e-7b6f0d2c4e11.svg";

fn with_apps() -> Fleet {
    let fleet = Fleet::small();
    fleet.write("devices/acme/app.toml", APP);
    fleet.write("devices/acme/off.toml", OFF);
    fleet.sipress("build -q").any_stderr().run();
    fleet
}

/// What a camera reads in a picture of dark and light pixels.
fn read(width: usize, height: usize, is_dark: impl Fn(usize, usize) -> bool) -> String {
    let mut image = rqrr::PreparedImage::prepare_from_greyscale(width, height, |x, y| if is_dark(x, y) { 0 } else { 255 });
    let grids = image.detect_grids();
    grids.first().expect("a QR code").decode().expect("a text").1
}

fn read_svg(text: &str) -> String {
    let side = text.split("width=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a width").parse::<usize>().expect("a number");
    let mut dark = vec![false; side * side];
    for square in text.split('M').skip(1) {
        let numbers: Vec<usize> = square.split(|c: char| !c.is_ascii_digit()).filter_map(|word| word.parse().ok()).take(4).collect();
        let [x, y, width, height] = numbers[..] else { continue };
        (y..y + height).for_each(|row| dark[row * side + x..][..width].fill(true));
    }
    read(side, side, |x, y| dark[y * side + x])
}

fn served_app(fleet: &Fleet) -> String {
    format!("https://prov.example.net/{}", fleet.served("3f2b8c1e-5d0a-4c57-9a1e-7b6f0d2c4e11.xml").trim_start_matches("out/site/"))
}

#[test]
fn a_camera_reads_the_address_that_the_app_fetches() {
    let fleet = with_apps();
    fleet.sipress("report qr").stdout_has(SVG).stderr_has("1 QR code").run();
    let picture = format!("out/{SVG}");
    assert_eq!(read_svg(&fleet.read(&picture)), served_app(&fleet));
    assert_eq!(fs::metadata(fleet.path(&picture)).expect("a file").permissions().mode() & 0o777, 0o600, "who has it has the account");
}

#[test]
fn a_pack_may_ask_for_png_and_serve_it() {
    let fleet = Fleet::small();
    fleet.write("devices/acme/app.toml", APP);
    let file = "[[file]]\nid = \"qr\"\nname = \"{id}.png\"\nscope = \"device\"\nencode = \"qr-png\"\ncontent_type = \"image/png\"\n";
    fleet.write("vendors/linphone/vendor.toml", file);
    fleet.sipress("build -q").any_stderr().run();
    let bytes = fs::read(fleet.path(&fleet.served("3f2b8c1e-5d0a-4c57-9a1e-7b6f0d2c4e11.png"))).expect("a picture");
    let image = image::load_from_memory(&bytes).expect("a PNG").to_luma8();
    let read = read(image.width() as usize, image.height() as usize, |x, y| image.get_pixel(x as u32, y as u32).0[0] < 128);
    assert_eq!(read, served_app(&fleet));
}

#[test]
fn by_name_and_elsewhere() {
    let fleet = with_apps();
    fleet.sipress("report qr --out codes").arg("Field app").stdout_has("codes/acme/3f2b8c1e").stderr_has("1 QR code").run();
    assert!(!fleet.has("out/reports"));
}

#[test]
fn who_has_none_is_told() {
    let fleet = with_apps();
    fleet.sipress("report qr 8d4f6a02-91b7-4e6e-8c33-0a5d7e1f2b94").exit(2).stderr_has("that is switched on").run();
    fleet.sipress("report qr nobody").exit(2).stderr_has("there is no device \"nobody\"").run();
    let phone = fleet.json("out/manifest/acme.json");
    let mac =
        phone.as_array().expect("a list").iter().filter_map(|file| file["device"].as_str()).find(|id| id.len() == 12).expect("a phone");
    fleet.sipress(&format!("report qr {mac}")).exit(2).stderr_has("not enrolled by a QR code").run();
    fleet.sipress("report qr").without_key().exit(2).stderr_has("there is no key").run();
}

#[test]
fn a_text_too_long_for_a_code_is_an_error() {
    let fleet = Fleet::small();
    let long = "x".repeat(3000);
    fleet.write("devices/acme/app.toml", &APP.replace("label =", &format!("raw = {{ a = \"{long}\" }}\nlabel =")));
    fleet.write(
        "vendors/linphone/parameters.toml",
        &format!("[[group]]\nfile = \"qr\"\nrows = [ {{ name = \"misc/more\", constant = \"{long}\" }} ]\n"),
    );
    fleet.sipress("report qr").exit(1).stderr_has("more than a QR code can hold").run();
}
