//! `vendors`

use crate::fleet::Fleet;

#[test]
fn all_packs_and_their_models() {
    let fleet = Fleet::empty();
    let call = fleet.sipress("vendors");
    call.stdout_has("(polycom)").stdout_has("polycom/vvx450").stdout_has("(linphone)").stdout_has("linphone/linphone").run();
}

#[test]
fn a_fleets_own_packs_are_among_them() {
    let fleet = Fleet::small();
    fleet
        .sipress("vendors acmephone")
        .stdout(
            "Acmephone (acmephone)   2 models, keyed by mac
  acmephone/a1                     Acmephone A1             deskphone  2 lines, 4 line keys   [1]
  acmephone/a2                     Acmephone A2             deskphone  4 lines, 8 line keys   [1]
",
        )
        .run();
    let fleet = Fleet::empty();
    let call = fleet.sipress("vendors acmephone").exit(2);
    call.stderr_has("error: there is no vendor \"acmephone\"").run();
}

#[test]
fn json_is_a_list_of_packs() {
    let fleet = Fleet::small();
    let packs = fleet.sipress("vendors --format json").any_stdout().run().json();
    let ids: Vec<&str> = packs.as_array().expect("a list").iter().map(|pack| pack["id"].as_str().expect("an id")).collect();
    assert!(ids.is_sorted() && ids.contains(&"acmephone") && ids.contains(&"polycom"), "{ids:?}");
    for pack in packs.as_array().expect("a list") {
        assert!(pack["name"].is_string());
        let id = pack["id"].as_str().expect("an id");
        for model in pack["models"].as_array().expect("models") {
            assert!(model["id"].as_str().expect("an id").starts_with(&format!("{id}/")));
        }
    }
}

#[test]
fn one_model_by_any_of_its_names() {
    let fleet = Fleet::small();
    for name in ["acmephone/a2", "acmephone/A-2", "acmephone/a-2"] {
        let call = fleet.sipress("vendors").arg(name);
        call.stdout_has("acmephone/a2").stdout_lacks("acmephone/a1").run();
    }
}

#[test]
fn the_matrix_says_what_a_vendor_can_be_told() {
    let fleet = Fleet::small();
    let call = fleet.sipress("vendors --matrix acmephone");
    call.stdout_has("acmephone: 23 settings and 3 key types in 2 models\n")
        .stdout_has("\n  line.transport                           all\n")
        .stdout_has("\nkey types\n  blf                                      all\n")
        .stdout_lacks("sip.stun")
        .run();
}

#[test]
fn the_matrix_in_json() {
    let fleet = Fleet::small();
    let matrix = fleet.sipress("vendors --matrix acmephone --format json").any_stdout().run().json();
    assert_eq!(matrix[0]["schema"], 1);
    assert_eq!(matrix[0]["id"], "acmephone");
    let both = serde_json::json!(["acmephone/a1", "acmephone/a2"]);
    assert_eq!(matrix[0]["settings"]["line.transport"], both);
    assert_eq!(matrix[0]["keys"]["blf"], both);
    assert!(matrix[0]["settings"]["sip.stun.host"].is_null());
}

#[test]
fn the_matrix_is_true() {
    let fleet = Fleet::small();
    fleet.edit("devices/acme/reception.toml", "[[key]]", "[sip]\nstun = { host = \"stun.example.net\" }\n\n[[key]]");
    let call = fleet.sipress("check");
    call.stderr_has("warning[setting::ignored]").stderr_has("sip.stun").stderr_has("sipress vendors --matrix acmephone").run();
}

#[test]
fn the_matrix_of_all_packs() {
    let printed = Fleet::empty().sipress("vendors --matrix --format json").any_stdout().run();
    assert!(printed.json().as_array().is_some_and(|packs| packs.len() >= 2));
}

#[test]
fn unknown_vendors_and_models_are_refused() {
    let fleet = Fleet::small();
    let call = fleet.sipress("vendors acmphone").exit(2);
    call.stderr_has("error: there is no vendor \"acmphone\"").stderr_has("acmephone").run();
    for flags in ["", " --matrix", " --format json"] {
        let call = fleet.sipress(&format!("vendors acmephone/a9{flags}")).exit(2);
        call.stderr_has("a9").run();
    }
}

#[test]
fn it_needs_no_key() {
    Fleet::small().sipress("vendors acmephone").without_key().any_stdout().run();
}

#[test]
fn a_model_with_all_that_is_known_of_it() {
    let fleet = Fleet::empty();
    let call = fleet.sipress("vendors yealink/t54w").stdout_has("yealink/t54w   Yealink SIP-T54W");
    call.stdout_has("class       deskphone").stdout_has("sure        two or more independent sources").run();
    let json = fleet.sipress("vendors yealink/t54w --format json").any_stdout().run().json();
    assert_eq!(json[0]["models"][0]["confidence"], "2+");
    assert!(json[0]["models"][0]["transports"].is_array());
}
